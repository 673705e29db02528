"""`tb-lossgap completion`: what a shell needs to complete our commands and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import need
from tb_lossgap.cli.output import write_text

if TYPE_CHECKING:
    import argparse

_EPILOG = """\
examples:
  bash:  mkdir -p ~/.local/share/bash-completion/completions
         tb-lossgap completion bash > ~/.local/share/bash-completion/completions/tb-lossgap
  zsh:   mkdir -p ~/.zfunc
         tb-lossgap completion zsh > ~/.zfunc/_tb-lossgap
         and in ~/.zshrc: fpath+=~/.zfunc; autoload -Uz compinit; compinit
  fish:  mkdir -p ~/.config/fish/completions
         tb-lossgap completion fish > ~/.config/fish/completions/tb-lossgap.fish
Shells that are started from then on complete commands, options and the values of options. bash needs its package
bash-completion for this; without it, put into ~/.bashrc: eval "$(tb-lossgap completion bash)"

exit status:
  0 the script was printed
  2 argcomplete is not installed: pip install 'tb-lossgap[completion]'
"""


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = "Prints a script that makes a shell complete our commands and options."
    parser.epilog = _EPILOG
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that is to read the script")


def run(options: argparse.Namespace) -> int:
    """Prints the script."""
    argcomplete = need("argcomplete", extra="completion")
    write_text(argcomplete.shellcode(["tb-lossgap"], shell=options.shell).rstrip() + "\n", None)
    return 0
