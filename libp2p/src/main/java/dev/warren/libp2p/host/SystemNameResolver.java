package dev.warren.libp2p.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * The JDK's resolvers. They block natively, which would hold a carrier of virtual threads, so they
 * run on a few platform threads of their own, and nobody waits for them longer than a bound.
 */
final class SystemNameResolver implements NameResolver {
  static final SystemNameResolver INSTANCE = new SystemNameResolver();

  private static final int THREADS = 4;
  private static final int MAX_WAITING = 64;
  private static final long TIMEOUT_SECONDS = 10;

  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().daemon().name("libp2p-dns-", 0).factory(),
          new ThreadPoolExecutor.AbortPolicy());

  private SystemNameResolver() {
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public List<InetAddress> addresses(String name) throws IOException {
    return bounded(name, () -> List.of(InetAddress.getAllByName(name)));
  }

  @Override
  public List<String> texts(String name) throws IOException {
    return bounded(name, () -> queryTexts(name));
  }

  /** JNDI's DNS provider yields the text of records; it has no objects to deserialize. */
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  private static List<String> queryTexts(String name) throws NamingException {
    var environment = new Hashtable<String, String>();
    environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
    environment.put("com.sun.jndi.dns.timeout.initial", "2000");
    environment.put("com.sun.jndi.dns.timeout.retries", "2");
    var context = new InitialDirContext(environment);
    try {
      Attribute attribute = context.getAttributes(name, new String[] {"TXT"}).get("TXT");
      var texts = new ArrayList<String>();
      if (attribute != null) {
        for (Object value : Collections.list(attribute.getAll())) {
          // Quoted, and long records in several quoted parts.
          texts.add(value.toString().replace("\" \"", "").replace("\"", ""));
        }
      }
      return texts;
    } catch (NameNotFoundException _) {
      return List.of();
    } finally {
      context.close();
    }
  }

  private <T> T bounded(String name, Callable<T> lookup) throws IOException {
    Future<T> future;
    try {
      future = pool.submit(lookup);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      throw new IOException("too many names are being looked up at once", e);
    }
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException("looking up " + name + " took more than " + TIMEOUT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("looking up " + name + " was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UnknownHostException
          ? new UnknownHostException("the name " + name + " is not known")
          : new IOException("looking up " + name + " failed: " + e.getCause().getMessage(), e);
    }
  }
}
