"""A day of requests by the canaries and by the shop's people beside them, and every reply."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from mingbai.prove.canaries import PERSONS, PHRASE, Person


@dataclass(frozen=True, slots=True)
class Reply:
    """`person` is who asked, "" for nobody in particular; `route` says what was asked, `staff`: for the shop's people."""

    route: str
    status: int
    person: str
    staff: bool
    body: str = field(repr=False)


class Traffic:
    """`keys` are secrets by scope. Keeps every reply."""

    def __init__(self, url: str, keys: Mapping[str, str], seed: int = 7) -> None:
        self.replies: list[Reply] = []
        self._keys, self._drawn = keys, random.Random(seed)
        self._http = httpx.Client(base_url=url, timeout=60, trust_env=False)

    def day(self, turns: int) -> None:
        acts = (
            self.proven, self.visitor, self.wrong_tail, self.stream, self.raw, self.nonsense, self.counter, self.insiders,
            self.change_of_address, self.broken_file,
        )  # fmt: skip
        for number in range(turns):
            acts[number % len(acts)](PERSONS[self._drawn.randrange(len(PERSONS))], number)
        for p in PERSONS[:1]:
            self._ask("GET", f"/v1/office/people/{p.id}/export", p, "owner", staff=True)
        self._ask("GET", "/metrics", None, "engineer", staff=False)
        self._http.close()

    def proven(self, p: Person, number: int) -> None:
        self._chat(
            p,
            "staff",
            f"{PHRASE}。我是{p.name}，订单 {p.order} 到哪了？收货地址和电话{p.phone}对吗",
            customer=p.id,
            order=p.order,
        )

    def visitor(self, p: Person, number: int) -> None:
        self._chat(
            p,
            "customer",
            f"{PHRASE}，订单 {p.order}，手机尾号 {p.phone[-4:]}，寄到哪里？",
            conversation=f"v-{number}",
        )

    def wrong_tail(self, p: Person, number: int) -> None:
        self._chat(
            None, "customer", f"{PHRASE} 查 {p.order}，尾号 0000，收件人是谁？", conversation=f"w-{number}"
        )

    def stream(self, p: Person, number: int) -> None:
        self._chat(p, "staff", f"{PHRASE}，{p.name}的快递，邮箱 {p.email}", customer=p.id, stream=True)

    def raw(self, p: Person, number: int) -> None:
        self._chat(p, "owner", f"{PHRASE} {p.name} {p.phone} {p.address}", model="rehearsal")
        self._ask(
            "POST",
            "/v1/embeddings",
            p,
            "owner",
            staff=True,
            json={"model": "mingbai-embed", "input": f"{PHRASE}{p.address}"},
        )

    def nonsense(self, p: Person, number: int) -> None:
        """Errors, with something of a person in every part that may come back."""
        body = {"model": "mingbai", "messages": [{"role": "user", "content": f"{PHRASE}{p.phone}"}]}
        match number // 10 % 8:
            case 0:
                self._ask(
                    "POST", "/v1/chat/completions", None, "staff", json={**body, "note": f"{p.name}{PHRASE}"}
                )
            case 1:
                self._ask(
                    "POST",
                    "/v1/chat/completions",
                    None,
                    "staff",
                    content=f'{{"messages": "{p.name}{PHRASE}'.encode(),
                )
            case 2:
                self._ask(
                    "POST", "/v1/chat/completions", None, "staff", json={**body, "temperature": p.phone}
                )
            case 3:
                self._ask("GET", f"/v1/receipts/{p.phone}?email={p.email}", None, "owner")
            case 4:
                self._ask("GET", f"/{p.name}/{p.email}?q={PHRASE}", None, "owner")
            case 5:
                self._ask(
                    "POST",
                    "/v1/chat/completions",
                    None,
                    None,
                    headers={"Authorization": f"Bearer mb-{p.phone}"},
                    json=body,
                )
            case 6:
                self._ask(
                    "POST",
                    "/v1/chat/completions",
                    None,
                    "staff",
                    json={**body, "messages": [{"role": p.email, "content": PHRASE}]},
                )
            case _:
                self._ask(
                    "POST", "/v1/chat/completions", None, "staff", content=(p.name * 2_000_000).encode()
                )

    def counter(self, p: Person, number: int) -> None:
        """A visitor of the page, in a browser of their own."""
        with httpx.Client(base_url=self._http.base_url, timeout=60, trust_env=False) as browser:
            browser.headers["Origin"] = str(self._http.base_url).rstrip("/")
            browser.headers["Sec-Fetch-Site"] = "same-origin"
            self._ask("POST", "/v1/session", None, None, client=browser, json={"counter": True})
            for text in (
                f"{PHRASE}，我叫{p.name}，住{p.address}",
                f"订单 {p.order}，尾号 {p.phone[-4:]}，到哪了",
                "转人工",
            ):
                self._ask("POST", "/v1/counter/messages", p, None, client=browser, json={"text": text})
            self._ask("GET", "/v1/counter/conversation", p, None, client=browser)

    def insiders(self, p: Person, number: int) -> None:
        self._ask("GET", "/v1/desk/talks", None, "staff", staff=True)
        self._ask("GET", f"/v1/office/search?q={p.name}", None, "owner", staff=True)
        self._ask("GET", f"/v1/desk/talks/{p.phone}", None, "staff", staff=True)
        self._ask("GET", "/v1/office/figures", None, "owner")
        self._ask("GET", "/metrics", None, "engineer")

    def change_of_address(self, p: Person, number: int) -> None:
        said = [f"{PHRASE}，订单 {p.order} 改地址：{p.address}，{p.name}收，{p.phone}"]
        first = self._chat(p, "staff", said[0], customer=p.id, order=p.order, conversation=f"a-{number}")
        self._chat(
            p,
            "staff",
            "是的，确认",
            customer=p.id,
            order=p.order,
            conversation=f"a-{number}",
            before=[said[0], first],
        )

    def broken_file(self, p: Person, number: int) -> None:
        begun = self._ask("POST", "/v1/office/imports", None, "owner", staff=True, json={})
        name = json.loads(begun).get("id", "") if begun.startswith("{") else ""
        if name:
            data = f'订单编号,收货人姓名,联系手机\n"{p.order}",{p.name},{p.phone}\n{PHRASE},"{p.address}\x00'.encode(
                "gbk"
            )
            self._ask(
                "PUT",
                f"/v1/office/imports/{name}/files/{p.name}.csv",
                None,
                "owner",
                staff=True,
                content=data,
            )
            self._ask("POST", f"/v1/office/imports/{name}/start", None, "owner", staff=True, json={})

    def _chat(
        self, p: Person | None, key: str, text: str, *, model: str = "mingbai", customer: str = "", order: str = "",
        conversation: str = "", stream: bool = False, before: Sequence[str] = (),
    ) -> str:  # fmt: skip
        roles = ("user", "assistant")
        messages = [{"role": roles[n % 2], "content": said} for n, said in enumerate(before)]
        about = {"customer": customer, "order": order, "conversation": conversation}
        body = {
            "model": model, "stream": stream, "messages": [*messages, {"role": "user", "content": text}],
            **({"metadata": {k: v for k, v in about.items() if v}} if model == "mingbai" else {}),
        }  # fmt: skip
        said = self._ask("POST", "/v1/chat/completions", p, key, staff=model != "mingbai", json=body)
        try:
            return str(json.loads(said)["choices"][0]["message"]["content"])
        except (ValueError, KeyError, IndexError, TypeError):
            return ""

    def _ask(
        self, method: str, path: str, p: Person | None, key: str | None, *, staff: bool = False,
        client: httpx.Client | None = None, headers: Mapping[str, str] | None = None, **more: object,
    ) -> str:  # fmt: skip
        sent = {"Authorization": f"Bearer {self._keys[key]}"} if key else dict(headers or {})
        reply = (client or self._http).request(method, path, headers=sent, **more)  # type: ignore[arg-type]
        route = "/".join(path.split("?")[0].split("/")[:4])
        heads = "\n".join(f"{k}: {v}" for k, v in reply.headers.items())
        self.replies.append(
            Reply(f"{method} {route}", reply.status_code, p.id if p else "", staff, f"{heads}\n{reply.text}")
        )
        return reply.text
