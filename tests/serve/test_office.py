"""The office: files come in with their refused rows named, figures are of the receipts, what the owner sets is in force."""

from __future__ import annotations

import asyncio
import json

from test_counter import said, visitor

from mingbai.serve.keys import Scope

ORDERS = '''订单编号,买家会员名,收货人姓名,收货地址,订单状态,买家实际支付金额,宝贝总数量,订单创建时间,宝贝标题
"=""2001""",小李,李四,浙江省杭州市西湖区龙井路1号,买家已付款，等待卖家发货,68.00,1,2025-11-10 10:00:00,青花盖碗
"=""2002""",小王,王五,浙江省杭州市西湖区龙井路2号,买家已付款，等待卖家发货,不是钱,1,2025-11-10 11:00:00,青花盖碗
'''


async def test_files_come_in_and_refused_rows_are_named(paged):
    async with paged.caller() as owner:
        number = (await owner.post("/v1/office/imports", json={})).json()["import"]
        path = f"/v1/office/imports/{number}"
        assert (await owner.post(path + "/start", json={})).status_code == 400
        sent = await owner.put(path + "/files/订单.csv", content=ORDERS.encode())
        assert sent.json() == {"name": "订单.csv", "bytes": len(ORDERS.encode())}
        began = (await owner.post(path + "/start", json={"currency": "CNY"})).json()
        assert began["state"] in ("running", "done")
        seen = began
        while seen["state"] == "running":
            seen = (await owner.get(f"{path}?after={seen['seq']}&wait_seconds=5")).json()
        assert (seen["state"], seen["error"]) == ("done", None)
        report = seen["report"]
        assert (report["taken"], report["refused"]) == (1, 1)
        (refusal,) = report["sheets"][0]["refusals"]
        assert refusal["line"] == 3
        assert refusal["zh"]
        assert refusal["mend_en"]
        assert (await owner.get("/v1/office/shop")).json()["rows"]["order"] == 2
        assert (await owner.put(path + "/files/late.csv", content=b"x")).status_code == 400
        assert [i["import"] for i in (await owner.get("/v1/office/imports")).json()["imports"]] == [number]


async def test_a_file_that_nothing_reads_fails_by_itself_and_leaves_nothing_behind(paged, tmp_path):
    async with paged.caller() as owner:
        number = (await owner.post("/v1/office/imports", json={})).json()["import"]
        path = f"/v1/office/imports/{number}"
        await owner.put(path + "/files/x.csv", content="甲,乙\n1,2\n".encode())
        seen = (await owner.post(path + "/start", json={})).json()
        while seen["state"] == "running":
            seen = (await owner.get(f"{path}?after={seen['seq']}&wait_seconds=5")).json()
        (failed,) = seen["report"]["failed"]
        assert failed["file"] == "x.csv"
        left = await asyncio.to_thread(lambda: list((tmp_path / "run" / "imports").rglob("*")))
        assert left == []


async def test_figures_are_those_of_the_receipts(paged):
    async with visitor(paged) as browser, paged.caller(Scope.ENGINEER) as engineer:
        await said(browser, "到哪了")
        await said(browser, "我要人工")
        found = (await engineer.get("/v1/office/figures")).json()
        (day,) = found["by_day"]
        assert (day["day"], day["answers"], day["handoffs"], day["by_model"], day["costs"]) == (
            "2025-11-12", 2, 1, 0, {},
        )  # fmt: skip
        now = found["now"]
        assert now["answers"] == 2
        assert 0 < now["first_token_seconds"]["p50"] <= now["answer_seconds"]["p95"]
        assert now["tokens_per_second"] == {"p50": None, "p95": None}  # no model wrote a token


async def test_search_finds_goods_and_orders(paged):
    async with paged.caller() as owner:
        hits = (await owner.get("/v1/office/search", params={"q": "青花盖碗"})).json()["hits"]
        assert [(h["kind"], h["key"], h["title"]) for h in hits] == [
            ("product", "G1", "青花盖碗 · Blue gaiwan")
        ]
        exact = (await owner.get("/v1/office/search", params={"q": "1001"})).json()
        assert ("order", "1001") in [(h["kind"], h["key"]) for h in exact["hits"]]
        assert (await owner.get("/v1/office/search")).status_code == 400


async def test_the_house_style_is_kept_and_shown_at_the_counter(paged, tmp_path):
    async with paged.caller() as owner, visitor(paged) as browser:
        style = (await owner.get("/v1/office/style")).json()
        style["questions"]["zh"] = ["有盖碗吗？"]
        assert (await owner.put("/v1/office/style", json=style)).json() == style
        assert (await browser.get("/v1/counter")).json()["style"] == style
        assert json.loads(await asyncio.to_thread((tmp_path / "style.json").read_text)) == style
        odd = {**style, "never_say": ["\x1f"]}
        assert (await owner.put("/v1/office/style", json=odd)).status_code == 200
        for wrong in ({**style, "more": 1}, {**style, "never_say": [""]}, {**style, "greeting": "hi"}):
            assert (await owner.put("/v1/office/style", json=wrong)).status_code == 400


async def test_the_rules_answer_in_plain_words_with_their_laws(paged):
    async with paged.caller(Scope.ENGINEER) as engineer:
        places = (await engineer.get("/v1/office/places")).json()["places"]
        assert [p["name"] for p in places] == ["local"]
        assert all(s["allowed"] for s in places[0]["sends"] if s["data"] == "personal")
        policy = (await engineer.get("/v1/office/policy")).json()
        rule = next(r for r in policy["rules"] if r["id"] == "F1-others-rows")
        assert (rule["effect"], [law["id"] for law in rule["laws"]]) == (
            "forbid",
            ["CN-PIPL-10", "EU-GDPR-5"],
        )
        ask = {"ask": "see", "caller": "customer", "data": "personal", "relation": "other"}
        said = (await engineer.post("/v1/office/policy/explain", json=ask)).json()
        assert (said["allowed"], said["by"]) == (False, ["F1-others-rows"])
        assert "别人" in said["why"][0]["zh"]
        sent = {"ask": "send", "place": "nowhere"}
        assert (await engineer.post("/v1/office/policy/explain", json=sent)).status_code == 404


async def test_what_this_customer_may_know_and_why(paged):
    async with visitor(paged, "C1") as browser, paged.caller(Scope.STAFF) as staff:
        await said(browser, "到哪了")
        (row,) = (await staff.get("/v1/desk/talks")).json()["talks"]
        found = (await staff.get(f"/v1/desk/talks/{row['id']}/rights")).json()
        assert found["caller"] == "customer"
        sees = {(r["data"], r["relation"]): r["allowed"] for r in found["rows"] if r["question"] == "see"}
        assert (sees["personal", "own"], sees["personal", "other"]) == (True, False)


async def test_consents_are_recorded_by_what_was_shown(paged):
    said = {"state": "given", "purpose": "training", "notice": "training"}
    async with paged.caller() as owner:
        path = "/v1/office/people/C1/consents"
        assert (await owner.post(path, json=said)).status_code == 404  # no such notice yet
        notice = {"id": "training", "lang": "zh", "text": "我们想用您的对话改进客服。"}
        assert (await owner.post("/v1/office/notices", json=notice)).json()["version"] == 1
        assert (await owner.post(path, json=said)).json()["state"] == "given"
        assert (await owner.get(path)).json()["agrees"] == ["training"]
        await owner.post(path, json={**said, "state": "withdrawn"})
        found = (await owner.get(path)).json()
        assert (found["agrees"], [r["state"] for r in found["rows"]]) == ([], ["given", "withdrawn"])


async def test_a_person_is_erased_from_the_office(paged):
    async with visitor(paged, "C1") as browser, paged.caller() as owner:
        await said(browser, "我叫王小明，到哪了")
        path = "/v1/office/people/C1"
        exported = (await owner.get(path + "/export")).json()
        assert "王小明" in json.dumps(exported, ensure_ascii=False)
        async with visitor(paged) as other:
            await said(other, "在吗")
            drafts = paged.service.page.counter._drafts
            talks = {
                it["customer"]: it["id"]
                for it in (await owner.get("/v1/desk/talks?state=all")).json()["talks"]
            }
            for talk in talks.values():
                assert (await owner.post(f"/v1/desk/talks/{talk}/draft", json={})).status_code == 200
        assert set(drafts) == set(talks.values())
        assert (await owner.post(path + "/erase", json={"really": "C2"})).status_code == 400
        gone = await owner.post(path + "/erase", json={"really": "C1"})
        assert gone.status_code == 200
        assert "王小明" not in gone.text
        assert set(drafts) == {talks[""]}
        rows = (await owner.get("/v1/desk/talks?state=all")).json()["talks"]
        (row,) = (it for it in rows if it["id"] == talks["C1"])
        assert (row["erased"], row["last"]["text"]) == (True, None)
        assert (
            await browser.get("/v1/counter/conversation")
        ).status_code == 401  # the session has ended, too


async def test_keys_are_made_shown_once_and_revoked(paged):
    async with paged.caller() as owner:
        made = (await owner.post("/v1/office/keys", json={"scope": "staff", "label": "小王"})).json()
        assert made["key"].startswith("mb-")
        listed = (await owner.get("/v1/office/keys")).json()["keys"]
        assert made["key"] not in json.dumps(listed)
        headers = {"Authorization": "Bearer " + made["key"]}
        assert (await owner.get("/v1/desk/skills", headers=headers)).status_code == 200
        assert (await owner.delete("/v1/office/keys/" + made["id"])).json()["revoked"]
        assert (await owner.get("/v1/desk/skills", headers=headers)).status_code == 401


async def test_an_owner_of_one_shop_has_to_do_with_no_import_of_another(paged):
    def make():
        return [paged.service.keys.create(Scope.OWNER, shop=shop).secret for shop in ("silk", "tea")]

    silk, tea = ({"Authorization": f"Bearer {each}"} for each in await asyncio.to_thread(make))
    async with paged.caller() as caller:
        path = "/v1/office/imports"
        begun = (await caller.post(path, json={}, headers=silk)).json()["import"]
        assert [row["import"] for row in (await caller.get(path, headers=silk)).json()["imports"]] == [begun]
        assert (await caller.get(path, headers=tea)).json()["imports"] == []
        assert (await caller.get(f"{path}/{begun}", headers=tea)).status_code == 404
        assert (await caller.put(f"{path}/{begun}/files/a.csv", content=b"x", headers=tea)).status_code == 404
        assert (await caller.post(f"{path}/{begun}/start", json={}, headers=tea)).status_code == 404
        assert (
            await caller.put(f"{path}/{begun}/files/a.csv", content=b"x", headers=silk)
        ).status_code == 200
        assert (await caller.get(f"{path}/{begun}")).json()["files"] == [{"name": "a.csv", "bytes": 1}]


async def test_an_owner_of_one_shop_sees_and_revokes_no_key_of_another(paged):
    def make():
        create = paged.service.keys.create
        return [
            create(scope, shop=shop)
            for scope, shop in ((Scope.OWNER, "silk"), (Scope.STAFF, "silk"), (Scope.STAFF, "tea"))
        ]

    owner, own, foreign = await asyncio.to_thread(make)
    async with paged.caller() as caller:
        headers = {"Authorization": "Bearer " + owner.secret}
        listed = (await caller.get("/v1/office/keys", headers=headers)).json()["keys"]
        assert {row["id"] for row in listed} == {owner.key.id, own.key.id}
        path = "/v1/office/keys/"
        assert (await caller.delete(path + foreign.key.id, headers=headers)).status_code == 404
        assert (await caller.delete(path + own.key.id, headers=headers)).status_code == 200
        assert (await asyncio.to_thread(paged.service.keys.check, foreign.secret)).revoked is None
        assert len((await caller.get("/v1/office/keys")).json()["keys"]) > 2


async def test_reports_are_those_in_the_folder_and_no_other_file(paged, tmp_path):
    folder = tmp_path / "reports"

    def write() -> None:
        folder.mkdir()
        (folder / "desk-1.json").write_text(
            json.dumps({"suite": "desk", "at": "2025", "title": "t", "right": 1})
        )
        (folder / "broken.json").write_text("{")

    await asyncio.to_thread(write)
    async with paged.caller(Scope.ENGINEER) as engineer:
        rows = (await engineer.get("/v1/office/reports")).json()["reports"]
        assert rows == [{"report": "desk-1", "suite": "desk", "at": "2025", "title": "t"}]
        assert (await engineer.get("/v1/office/reports/desk-1")).json()["right"] == 1
        for name in ("..%2Fstyle", "nothing", "..%2Flimits.json"):
            assert (await engineer.get("/v1/office/reports/" + name)).status_code == 404
