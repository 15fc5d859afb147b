"""Who has signed in: a token in a cookie, and what it stands for in memory."""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from webmap.access.accounts import Account, Accounts

BYTES = 32


@dataclass(frozen=True)
class Session:
    """
    Somebody who has signed in.

    Parameters
    ----------
    name
        The account's name.
    account
        The account, as it stood at the last look.
    until
        When it ends, by the table's clock, in seconds.
    """

    name: str
    account: Account
    until: float


class Sessions:
    """
    The sessions of an app, kept in memory alone: with the server they all end.

    A session ends when its time is over, when its owner signs out, and when the account is
    removed or given another password. The table holds hashes of tokens, so that it gives none
    away.

    Parameters
    ----------
    accounts
        Who may have one.
    minutes
        How long one lasts.
    clock
        Says the time, in seconds.
    """

    def __init__(
        self, accounts: Accounts, minutes: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.lasts_s = minutes * 60
        self._accounts = accounts
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, Session] = {}

    def begin(self, name: str, account: Account) -> str:
        """Begin a session of an account, and return its token."""
        token, now = secrets.token_urlsafe(BYTES), self._clock()
        with self._lock:
            self._held = {key: each for key, each in self._held.items() if each.until > now}
            self._held[_key(token)] = Session(name, account, now + self.lasts_s)
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token, with the account's role of now; `None` if it ended."""
        with self._lock:
            found = self._held.get(_key(token))
        if found is None or found.until <= self._clock():
            return None
        account = self._accounts.read().get(found.name)
        if account is None or account.password_hash != found.account.password_hash:
            self.end(token)
            return None
        return Session(found.name, account, found.until)

    def end(self, token: str) -> None:
        """End a session, if there is one."""
        with self._lock:
            self._held.pop(_key(token), None)


def form_token(token: str) -> str:
    """
    Return what forms of a cookie's owner carry to show that no other site made them up.

    References
    ----------
    OWASP (2025) Cross-Site Request Forgery Prevention Cheat Sheet: HMAC-based token pattern.
    """
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing of them."""
    return hmac.compare_digest(one.encode(), other.encode())


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
