"""The address of a model: an OpenAI-compatible server and the model's name on it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from assistant.errors import LanguageModelError


@dataclass(frozen=True, slots=True)
class Address:
    """`server` is where the API begins, `http://host:port/v1`."""

    server: str
    model: str

    @property
    def root(self) -> str:
        """Where the server begins: what is no part of the API lies beside it."""
        return self.server.rstrip("/").removesuffix("/v1")


def parse_address(text: str, what: str, forms: str, key: str) -> Address:
    """The address that `http://host:port/v1#model` stands for.

    Raises LanguageModelError when it is none. The message calls it the address of `what`, and names the `forms`
    that would do. What may hold a password is refused and not repeated; the message then says that a key belongs in
    the environment variable `key`.
    """
    before = text.partition("#")[0]
    if "@" in before or "?" in before:
        raise LanguageModelError(
            f"The {what}'s address holds more than a host, a path and a model. "
            f"Take out what stands before '@' or after '?', and give a key in the environment variable {key}."
        )
    try:
        parts = urlsplit(text)
        _ = parts.port  # is looked at only here, and may be no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.fragment:
        raise LanguageModelError(f"{text!r} is not the address of a {what}. {forms}")
    return Address(urlunsplit(parts._replace(fragment="")), parts.fragment)


def is_this_machine(server: str) -> bool:
    """Whether the server is reached over the loopback interface, which no proxy has a part in."""
    from ipaddress import ip_address

    host = urlsplit(server).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name
        return False
