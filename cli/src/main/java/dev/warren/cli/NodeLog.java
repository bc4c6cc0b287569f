package dev.warren.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.LoggerFactory;

/**
 * The log of a node: a file, because the terminal belongs to the user.
 *
 * <p>Set up only when a node starts; commands without one never load the logging library.
 */
final class NodeLog {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";
  private static final long MAX_FILE_BYTES = 10L << 20;
  private static final int KEPT_FILES = 2;
  private static final String ERRORS = "standard error";

  private NodeLog() {}

  /**
   * Starts to log.
   *
   * @param verbose whether to log more, and to standard error too
   */
  static void open(Path file, boolean verbose) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent(), ownerOnly());
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.WARN);
    context.getLogger("dev.warren").setLevel(verbose ? Level.DEBUG : Level.INFO);
    root.addAppender(fileAppender(context, file));
    if (verbose) {
      root.addAppender(errorAppender(context, encoder(context)));
    }
  }

  /** Starts to log; a log that cannot be written is no reason not to run. */
  static void openOrGoWithout(Session session, DataDirectory data) {
    try {
      open(data.logFile(), session.console().verbose());
    } catch (IOException e) {
      if (session.console().verbose()) {
        session.console().note("warren: no log is written: " + e);
      }
    }
  }

  /** Starts to log, to standard error too: for programs that gather logs. */
  static void alsoJson(Session session, DataDirectory data) {
    openOrGoWithout(session, data);
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context
        .getLogger("dev.warren")
        .setLevel(session.console().verbose() ? Level.DEBUG : Level.INFO);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.detachAppender(ERRORS);
    var encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.start();
    root.addAppender(errorAppender(context, encoder));
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static Appender<ILoggingEvent> fileAppender(LoggerContext context, Path file) {
    var appender = new RollingFileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder(context));

    var window = new FixedWindowRollingPolicy();
    window.setContext(context);
    window.setParent(appender);
    window.setFileNamePattern(file + ".%i");
    window.setMinIndex(1);
    window.setMaxIndex(KEPT_FILES);
    window.start();
    appender.setRollingPolicy(window);

    var size = new SizeBasedTriggeringPolicy<ILoggingEvent>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(MAX_FILE_BYTES));
    size.start();
    appender.setTriggeringPolicy(size);

    appender.start();
    return appender;
  }

  private static Appender<ILoggingEvent> errorAppender(
      LoggerContext context, Encoder<ILoggingEvent> encoder) {
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName(ERRORS);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static PatternLayoutEncoder encoder(LoggerContext context) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }
}
