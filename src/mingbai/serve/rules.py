"""The office's trust: places and what may go to them, the policy in plain words, consents, and the rights of persons."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.requests import Request

from mingbai.permit.consent import Consent
from mingbai.permit.policy import explain, matrix
from mingbai.permit.policy.decide import Change, Question, See, Send
from mingbai.permit.policy.rules import Pack
from mingbai.serve import documents, inventory, looked, office_shapes, shapes, wire
from mingbai.serve.page import Page, People
from mingbai.serve.service import Service
from mingbai.values.errors import BadInput, NotBuilt, NotFound, Text


def add(app: FastAPI, service: Service, page: Page) -> None:
    pack = page.policy.pack

    async def places() -> Response:
        return JSONResponse({"places": await asyncio.to_thread(_places, page)})

    async def policy() -> Response:
        def look() -> dict[str, Any]:
            return {"sha256": pack.sha256, "rules": explain.rules(pack), "matrix": explain.table(page.policy)}

        return JSONResponse(await asyncio.to_thread(look))

    async def whole() -> Response:
        return PlainTextResponse(await asyncio.to_thread(_matrix, _Same(pack)))

    async def explained(request: Request) -> Response:
        said = await wire.body(request, office_shapes.Explained, service)
        decision = await asyncio.to_thread(page.policy.decide, _question(page, said))
        return JSONResponse(explain.said(pack, decision))

    async def person_of(request: Request, customer: str) -> str:
        shop = await asyncio.to_thread(page.shop_of, request.state.key.shop)
        return f"{shop}/customer/{customer}"

    async def consents(request: Request, customer: str) -> Response:
        person = await person_of(request, customer)
        await looked.at_one(page, request.state.key, person, "consents")

        def look() -> dict[str, Any]:
            rows = page.consents.history(person)
            return {"agrees": sorted(page.consents.live(person)), "rows": [_row(row) for row in rows]}

        return JSONResponse(await asyncio.to_thread(look))

    async def record(request: Request, customer: str) -> Response:
        said = await wire.body(request, office_shapes.ConsentSaid, service)
        person = await person_of(request, customer)

        def write() -> Consent:
            return page.consents.record(
                person, said.state, purpose=said.purpose, category=said.category,
                notice=page.consents.newest(said.notice, said.lang), region=said.region, at=datetime.now(UTC),
                how=said.how, basis=said.basis,
            )  # fmt: skip

        return JSONResponse(_row(await asyncio.to_thread(write)))

    async def export(request: Request, customer: str) -> Response:
        shop = await asyncio.to_thread(page.shop_of, request.state.key.shop)
        stores = await asyncio.to_thread(_people(page).export, shop, customer)
        return JSONResponse({"customer": customer, "stores": stores})

    async def erase(request: Request, customer: str) -> Response:
        said = await wire.body(request, office_shapes.Really, service)
        if said.really != customer:
            raise BadInput(
                Text(
                    "两次写的顾客不一致，没有删除。",
                    "The customer was written in two ways; nothing was erased.",
                ),
                Text("在 really 里再写一次顾客编号。", "Write the customer's number once more in really."),
                param="really",
                code="not_confirmed",
            )
        shop = await asyncio.to_thread(page.shop_of, request.state.key.shop)
        stores = await asyncio.to_thread(_people(page).erase, shop, customer)
        page.imports.forget()  # reports may quote a line of theirs
        await page.counter.forget()
        page.counter.bell.ring()
        return JSONResponse({"customer": customer, "stores": stores})

    async def notices() -> Response:
        listed = await asyncio.to_thread(page.consents.notices)
        rows = [{"id": n.id, "version": n.version, "lang": n.lang, "sha256": n.sha256} for n in listed]
        return JSONResponse({"notices": rows})

    async def publish(request: Request) -> Response:
        said = await wire.body(request, office_shapes.NoticeSaid, service)
        made = await asyncio.to_thread(
            page.consents.publish, said.id, said.lang, said.text, datetime.now(UTC)
        )
        return JSONResponse(
            {"id": made.id, "version": made.version, "lang": made.lang, "sha256": made.sha256}
        )

    answers, errs = documents.answers, (401, 403)

    def get(path: str, handler: Any, shape: Any, *statuses: int) -> None:
        inventory.add(app, "/v1/office" + path, handler, "GET", responses=answers(shape, *errs, *statuses))

    def post(path: str, handler: Any, takes: Any, shape: Any, *statuses: int) -> None:
        inventory.add(
            app, "/v1/office" + path, handler, "POST", responses=answers(shape, 400, *errs, 413, *statuses),
            openapi_extra=documents.body(takes),
        )  # fmt: skip

    get("/places", places, office_shapes.PlacesSaid)
    get("/policy", policy, office_shapes.PolicySaid)
    get("/policy/matrix", whole, "text/plain")
    post("/policy/explain", explained, office_shapes.Explained, shapes.DecisionSaid, 404)
    get("/people/{customer}/consents", consents, office_shapes.ConsentsSaid)
    post("/people/{customer}/consents", record, office_shapes.ConsentSaid, office_shapes.ConsentRow, 404)
    get("/people/{customer}/export", export, office_shapes.PersonSaid, 404, 501)
    post("/people/{customer}/erase", erase, office_shapes.Really, office_shapes.PersonSaid, 404, 501)
    get("/notices", notices, office_shapes.NoticesSaid)
    post("/notices", publish, office_shapes.NoticeSaid, office_shapes.NoticeRow)


def _places(page: Page) -> list[dict[str, Any]]:
    known = {place.name: place for place in page.places}
    rows = []
    for terms in page.terms:
        place = known.get(terms.name)
        rows.append(
            {
                "name": terms.name, "operator": place.operator if place else "own", "country": terms.country,
                "laws": list(terms.laws), "kind": terms.kind, "url": place.url if place else "",
                "model": place.model if place else "", "retention": place.retention if place else "",
                "enabled": place.enabled if place else True, "sends": explain.sends(page.policy, terms),
            }
        )  # fmt: skip
    return rows


class _Same:
    """A pack as the key of a cache: the same rules have the same table."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.pack.sha256 == self.pack.sha256

    def __hash__(self) -> int:
        return hash(self.pack.sha256)


@lru_cache(2)
def _matrix(same: _Same) -> str:
    return matrix.text(same.pack)


def _question(page: Page, said: office_shapes.Explained) -> Question:
    consents = frozenset(said.consents)
    if said.ask == "see":
        return See(said.caller, said.data, said.relation, said.purpose, said.masked, said.has_case, consents)
    if said.ask == "change":
        return Change(said.caller, said.data, said.relation, said.confirmed, said.within_limit)
    place = explain.place_of(page.terms, said.place)
    if place is None:
        known = [terms.name for terms in page.terms]
        raise NotFound(
            Text("没有这个地方。", "There is no such place."),
            Text(f"已知的：{'、'.join(known)}。", f"Known: {', '.join(known)}."),
            param="place",
        )
    return Send(
        place, said.data, said.region, said.purpose, said.masked, said.child, said.separate_consent, said.route, consents
    )  # fmt: skip


def _row(row: Consent) -> dict[str, Any]:
    return {
        "seq": row.seq, "purpose": row.purpose, "category": row.category, "state": row.state, "notice": row.notice,
        "version": row.version, "lang": row.lang, "region": row.region, "basis": row.basis, "at": row.at.isoformat(),
        "how": row.how,
    }  # fmt: skip


def _people(page: Page) -> People:
    if page.people is None:
        raise NotBuilt(
            Text(
                "这个服务还不能在页面上导出或删除个人数据。",
                "This service cannot export or erase a person from the page.",
            ),
            Text("请升级到带有这项功能的版本。", "Use a version that has it."),
        )
    return page.people
