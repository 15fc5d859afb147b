"""The commands geoengine accounts add | remove | list and audit verify: who may write, and did."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from webmap.access.accounts import Accounts
    from webmap.access.audit import Audit

FOLDER = click.argument("folder", type=click.Path(path_type=Path))
BY = "the command line"


def _opened(folder: Path) -> tuple["Accounts", "Audit"]:
    from webmap import access

    return access.opened(folder)


@click.group()
def accounts() -> None:
    """
    Say who may sign in to a served map.

    \b
    A server writes only where it has a folder for it:
      geoengine accounts add kept ann --role planner
      WEBMAP_WRITE_FOLDER=kept geoengine serve results

    A viewer looks, a planner saves plans too, a steward runs the study again (served with --study)
    and reads the audit log too, an admin looks after the accounts too.
    """  # noqa: D301


@accounts.command("add")
@FOLDER
@click.argument("name")
@click.option("--role", required=True, help="viewer, planner, steward or admin.")
@click.password_option(help="Asked for if not given, so that no history keeps it.")
def add_account(folder: Path, name: str, role: str, password: str) -> None:
    """Give NAME an account, or another role and password."""
    held, audit = _opened(folder)
    held.put(name, role, password)
    audit.note(BY, "gave an account", account=name, role=role)
    click.echo(f"{name} may sign in as {role}")


@accounts.command("remove")
@FOLDER
@click.argument("name")
def remove_account(folder: Path, name: str) -> None:
    """Remove the account of NAME, whose sessions end at once."""
    held, audit = _opened(folder)
    held.remove(name)
    audit.note(BY, "removed an account", account=name)
    click.echo(f"{name} may no longer sign in")


@accounts.command("list")
@FOLDER
def list_accounts(folder: Path) -> None:
    """List names and roles."""
    held, _ = _opened(folder)
    for name, account in sorted(held.read().items()):
        click.echo(f"{account.role:<8} {name}")


@click.group()
def audit() -> None:
    """
    Check the log of what was done on a served map.

    Every line of it holds the hash of the line before. Whoever notes the hash of the last line
    can prove later that none is missing.
    """


@audit.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify_log(file: Path) -> None:
    """Check that no line of FILE was changed, taken out or put in."""
    from webmap.access.audit import Audit

    lines, last = Audit(file).verify()
    noun = "line" if lines == 1 else "lines"
    click.echo(f"{file}: {lines:,} {noun}, whole; the last one's hash is {last}")
