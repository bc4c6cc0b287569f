package dev.warren.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what makes a shell complete this command. */
@Command(
    name = "completion",
    description = "Print a script that completes warren's commands and options on Tab.",
    footer = {
      "",
      "Examples:",
      "  source <(warren completion bash)",
      "  warren completion zsh > ~/.zfunc/_warren",
      "  warren completion fish > ~/.config/fish/completions/warren.fish",
      "",
      "bash: put the line above into ~/.bashrc. zsh: the folder of the file has to be in",
      "fpath before compinit runs."
    })
final class CompletionCommand implements Callable<Integer> {
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  private final Session session;

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CommandLine commands = Warren.commandLine(session);
    String script =
        switch (shell) {
          case bash -> AutoComplete.bash("warren", commands);
          case zsh -> new ZshCompletion(commands).script();
          case fish -> new FishCompletion(commands).script();
        };
    session
        .console()
        .say(
            script::stripTrailing,
            () ->
                JsonObject.event("completion")
                    .with("shell", shell.name().toLowerCase(Locale.ROOT))
                    .with("script", script));
    return ExitCode.DONE.number();
  }
}
