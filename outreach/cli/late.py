"""Groups of commands that import a command's module only when the command is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LateCommands(click.Group):
    """`late` has each command's name with the module of this folder that holds it, as `NAME_command`."""

    def __init__(self, *args: Any, late: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._late)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._late:
            return None
        module = importlib.import_module(f"outreach.cli.{self._late[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command
