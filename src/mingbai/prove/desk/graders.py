"""Each grader looks at one thing and says what is wrong with it, or "". No model judges.

Not covered: what is false without a figure and without one of the case's own strings.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mingbai.prove.desk import script
from mingbai.prove.desk.figures import Figure, figures, plain
from mingbai.prove.desk.talk import Answered, Talk
from mingbai.values.turn import Evidence

# What suites call a write, where its skill has another name.
SAME_SKILL = {"start_exchange": "exchange", "invoice_request": "invoice"}
UNKNOWN = re.compile(
    r"没有?查到|查不到|没有?找到|找不到|不知道|不清楚|不了解|不能确定|无法确定|不确定|不能随便回答|不乱说|没有(?:这方面|相关)?的?(?:信息|资料|记录)|没有(?:相关|这方面)|"
    r"(?i:do(?:es)? not know|don.t know|could not find|couldn.t find|cannot find|not sure|no information|will not guess|do not have (?:that|this|any))"
)


def intents(talk: Talk) -> str:
    turn = talk.last.turn
    if not talk.case.intents or turn is None:
        return ""
    found = {e.intent for e in turn.evidence}
    if turn.understood is not None:
        found |= {g.intent for g in turn.understood.intents[:2]}
        if turn.understood.handoff:
            found.add(type(talk.case.intents[0]).HANDOFF)
    missing = [i.value for i in talk.case.intents if i not in found]
    return f"{', '.join(missing)} not among {', '.join(sorted(found)) or 'none'}" if missing else ""


def has(talk: Talk) -> str:
    missing = [group for group in talk.case.has if not any(stands(s, talk.last.text) for s in group)]
    return "; ".join(" | ".join(group) for group in missing)


def has_not(talk: Talk) -> str:
    return "; ".join(s for s in talk.case.has_not if stands(s, talk.last.text))


def stands(wanted: str, text: str) -> bool:
    """Width, spaces, case and script apart; a number is found whole: ¥9 is not in ¥99, ¥35 is in ¥35.00."""
    want, have = _bare(wanted), _bare(text)
    if not want:
        return True
    if want.isascii() and want.isalpha() and len(want) < 3:  # no is not in nothing
        return re.search(rf"(?<![a-z]){want}(?![a-z])", plain(text).casefold()) is not None
    before = r"(?<!\d)(?<!\d[.,])" if want[0].isdigit() else ""
    if re.match(r"[a-z](?![a-z])", want):  # size L is not in XL
        before = r"(?<![a-z])"
    after = r"(?!\d)(?!\.\d*[1-9])(?!,\d{3}(?!\d))" if want[-1].isdigit() else ""
    if re.search(r"\d\.\d$", want):  # 48.8 is 48.80
        after = f"0?{after}"
    return re.search(before + re.escape(want) + after, have) is not None


def handoff(talk: Talk) -> str:
    turn = talk.last.turn
    if talk.case.handoff is None or turn is None:
        return ""
    given = handed(talk.last)
    if given == talk.case.handoff:
        return ""
    return "no person was fetched" if talk.case.handoff else "a person was fetched that nobody asked for"


def handed(answer: Answered) -> bool:
    return answer.turn is not None and any(e.handoff for e in answer.turn.evidence)


def needs(talk: Talk) -> str:
    asked = [n.slot for e in _evidence(talk.last) for n in e.needs]
    return (
        f"asked for {', '.join(asked) or 'nothing'}"
        if talk.case.needs and talk.case.needs not in asked
        else ""
    )


def refused(talk: Talk) -> str:
    rules = [r.rule for e in _evidence(talk.last) for r in e.refusals]
    if not talk.case.refused or talk.case.refused in rules:
        return ""
    return f"refused by {', '.join(rules) or 'nothing'}"


def unknown(talk: Talk) -> str:
    if not talk.case.unknown or UNKNOWN.search(plain(talk.last.text)):
        return ""
    return "does not say that it does not know"


def proposal(talk: Talk) -> str:
    made = next((e.proposal.skill for e in _evidence(talk.last) if e.proposal), "")
    if not talk.case.proposal or made == SAME_SKILL.get(talk.case.proposal, talk.case.proposal):
        return ""
    return f"proposed {made or 'nothing'}"


def done(talk: Talk) -> str:
    made = next((e.done for e in _evidence(talk.last) if e.done), None)
    wanted = SAME_SKILL.get(talk.case.done, talk.case.done)
    if not wanted:
        return f"{made.skill} was done, nobody said so" if made is not None and not talk.case.rows else ""
    if made is not None and (wanted in ("*", "…") or wanted in (made.skill, made.action_no)):
        return ""
    return f"done: {made.skill if made else 'nothing'}"


def rows(talk: Talk) -> str:
    wrong = []
    for row in talk.case.rows:
        found = talk.found.get((row.kind, row.key, row.field))
        if not _same(found, row.value):
            wrong.append(f"{row.kind} {row.key}.{row.field} is {found!r}")
    return "; ".join(wrong)


def _same(found: object, wanted: object) -> bool:
    if isinstance(wanted, str) and isinstance(found, str):
        return "".join(plain(found).split()) == "".join(plain(wanted).split())
    return found == wanted


def language(talk: Talk) -> str:
    return script.wrong(talk.last.text, talk.case.lang)


def invented(talk: Talk) -> str:
    """Of every answer of the conversation."""
    return "; ".join(f.said for answer in talk.answers for f in made_up(answer, talk.said))


def made_up(answer: Answered, said: str) -> list[Figure]:
    """Figures that stand neither in the rows nor in the evidence. A code that the customer wrote may be said back."""
    now = answer.turn.now.date() if answer.turn else answer.today
    spoken = "".join(plain(said).casefold().split())
    return [
        f
        for f in figures(answer.text, now)
        if not answer.rows.holds(f)
        and not answer.words.holds(f)
        and not (f.kind == "code" and "".join(f.value.split()) in spoken)
    ]


def unreproduced(answer: Answered) -> list[Figure]:
    """Figures that only the evidence says: no row holds them, and no simple arithmetic of the rows gives them."""
    if answer.turn is None:
        return []
    today = answer.turn.now.date()
    return [
        f
        for f in figures(answer.text, today)
        if not answer.rows.holds(f) and answer.words.holds(f) and not answer.rows.derives(f, today)
    ]


def others(talk: Talk) -> str:
    return "; ".join(answer.leaked for answer in talk.answers if answer.leaked)


def lawful(talk: Talk) -> str:
    return "; ".join(talk.unlawful)


def answered(talk: Talk) -> str:
    """Every message got words."""
    errors = [answer.error for answer in talk.answers if answer.error]
    return "; ".join(errors) or ("" if talk.last.text.strip() else "no words")


GRADERS: tuple[tuple[str, Callable[[Talk], str]], ...] = (
    ("answered", answered), ("intents", intents), ("has", has), ("has_not", has_not), ("handoff", handoff), ("needs", needs),
    ("refused", refused), ("unknown", unknown), ("proposal", proposal), ("done", done), ("rows", rows), ("language", language),
    ("invented", invented), ("others", others), ("writes", lawful),
)  # fmt: skip
# A useful answer holds all of these, whatever it took the question for.
USEFUL = frozenset(name for name, _ in GRADERS) - {"intents", "done"}


def grade(talk: Talk) -> tuple[tuple[str, str], ...]:
    """What is wrong: grader and reason. Empty: fully right."""
    found = ((name, grader(talk)) for name, grader in GRADERS)
    return tuple((name, why) for name, why in found if why)


def _evidence(answer: Answered) -> tuple[Evidence, ...]:
    return answer.turn.evidence if answer.turn else ()


def _bare(text: str) -> str:
    return "".join(plain(text).casefold().split())
