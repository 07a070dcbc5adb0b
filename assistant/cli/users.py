"""The commands for the people who may log in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import DataOption, settings_of
from assistant.errors import UserError

if TYPE_CHECKING:
    from assistant.server.users import Users

app = typer.Typer(
    help="Say who may log in to a chat that is served with --login.", no_args_is_help=True, rich_markup_mode=None
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]


@app.command()
def add(name: Name, data: DataOption = None) -> None:
    """Let somebody log in.

    The password is asked for twice, or read from standard input if that is no terminal.
    """
    users = _users(data)
    users.check_new(name)
    users.add(name, _password())
    typer.echo(f"{name} can log in now.")


@app.command()
def password(name: Name, data: DataOption = None) -> None:
    """Give a user another password, which logs them out everywhere.

    It is asked for twice, or read from standard input if that is no terminal.
    """
    users = _users(data)
    users.check_known(name)
    users.set_password(name, _password())
    typer.echo(f"{name} has another password now.")


@app.command("list")
def list_users(data: DataOption = None) -> None:
    """Name everybody who can log in."""
    for name in _users(data).names:
        typer.echo(name)


@app.command()
def remove(name: Name, data: DataOption = None) -> None:
    """Let somebody no longer log in, and log them out everywhere.

    What they asked and added is kept, for when they are added again.
    """
    _users(data).remove(name)
    typer.echo(f"{name} can no longer log in.")


def _users(data: Path | None) -> Users:
    from assistant.server.users import Users

    return Users(settings_of(data=data).data / "users.toml")


def _password() -> str:
    """A password that is typed twice, unseen, or piped in. Raises UserError when the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    from assistant.server.users import SHORTEST_PASSWORD

    typed = getpass(f"Password, at least {SHORTEST_PASSWORD} characters: ")
    if getpass("The same again: ") != typed:
        raise UserError("The two passwords differ. Nothing was changed; try again.")
    return typed
