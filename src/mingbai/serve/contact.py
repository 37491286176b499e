"""`/.well-known/security.txt` (RFC 9116): where to report a hole. Only what the owner has set; nothing is made up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from mingbai.serve import documents, inventory
from mingbai.values.errors import NotFound, SettingsError, Text

PATH = "/.well-known/security.txt"
CONTACT = re.compile(r"(?:https://|mailto:[^@\s]+@|tel:\+?[0-9])[!-~]*")
GOOD_FOR = timedelta(days=90)  # said anew with every answer: a copy that somebody kept runs out


def add(app: FastAPI, said: str) -> None:
    """`said`: contacts separated by commas; raises `SettingsError` for what RFC 9116 does not take."""
    contacts = [each.strip() for each in said.split(",") if each.strip()]
    for contact in contacts:
        if not CONTACT.fullmatch(contact):
            raise SettingsError(
                Text(
                    f"serve.security_contact 里的 {contact!r} 不是联系方式。",
                    f"{contact!r} in serve.security_contact is no contact.",
                ),
                Text(
                    "写成 mailto:security@店铺域名 或 https://… 的样子。",
                    "Write it like mailto:security@your.domain or https://…",
                ),
            )

    async def security() -> PlainTextResponse:
        if not contacts:
            raise NotFound(
                Text("店主没有写安全联系方式。", "The owner has not said whom to tell."),
                Text(
                    "店主可在 mingbai.toml 写 serve.security_contact。",
                    "The owner may set serve.security_contact in mingbai.toml.",
                ),
            )
        until = (datetime.now(UTC) + GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z")
        lines = [*(f"Contact: {c}" for c in contacts), f"Expires: {until}", "Preferred-Languages: zh, en"]
        return PlainTextResponse("\n".join(lines) + "\n")

    inventory.add(
        app, PATH, security, responses=documents.answers("text/plain", 404), response_class=PlainTextResponse
    )
