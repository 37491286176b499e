"""Counts of graded conversations, with Wilson's 95 % intervals, as lines for people and JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mingbai.prove.desk import graders
from mingbai.prove.desk.figures import figures
from mingbai.prove.desk.talk import Talk
from mingbai.prove.spread import Share, quantile
from mingbai.values.json import JsonObject

STEPS = ("understand", "ground", "answer")


@dataclass(frozen=True, slots=True)
class Graded:
    """`wrong`: grader and reason; empty when fully right."""

    talk: Talk
    wrong: tuple[tuple[str, str], ...]

    @property
    def right(self) -> bool:
        return not self.wrong

    @property
    def useful(self) -> bool:
        return not any(name in graders.USEFUL for name, _ in self.wrong)

    def failed(self, grader: str) -> bool:
        return any(name == grader for name, _ in self.wrong)


def graded(talks: Sequence[Talk]) -> Report:
    return Report(tuple(Graded(talk, graders.grade(talk)) for talk in talks))


@dataclass(frozen=True, slots=True)
class Report:
    graded: tuple[Graded, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(g.talk.case.group for g in self.graded))

    def right(self, group: str | None = None) -> Share:
        return self._share(lambda g: group in (None, g.talk.case.group), lambda g: g.right)

    def right_in(self, lang: str) -> Share:
        return self._share(lambda g: g.talk.case.lang == lang, lambda g: g.right)

    @property
    def useful(self) -> Share:
        return self._share(_all, lambda g: g.useful)

    @property
    def every_time(self) -> Share:
        """Of the cases: right in each of the repeats."""
        runs: dict[str, bool] = {}
        for g in self.graded:
            runs[g.talk.case.id] = runs.get(g.talk.case.id, True) and g.right
        return Share(sum(runs.values()), len(runs))

    @property
    def intents(self) -> Share:
        return self._share(lambda g: bool(g.talk.case.intents), lambda g: not g.failed("intents"))

    @property
    def language(self) -> Share:
        return self._share(_all, lambda g: not g.failed("language"))

    @property
    def handoff_recall(self) -> Share:
        return self._share(lambda g: g.talk.case.handoff is True, lambda g: graders.handed(g.talk.last))

    @property
    def handoff_false(self) -> Share:
        return self._share(lambda g: g.talk.case.handoff is False, lambda g: graders.handed(g.talk.last))

    @property
    def unknown(self) -> Share:
        return self._share(lambda g: g.talk.case.unknown, lambda g: not g.failed("unknown"))

    def answers_with(self, grader: str) -> int:
        return sum(g.failed(grader) for g in self.graded)

    @property
    def invented(self) -> int:
        """Answers, of all answers of all conversations."""
        return sum(bool(graders.made_up(a, g.talk.said)) for g in self.graded for a in g.talk.answers)

    @property
    def answers(self) -> int:
        return sum(len(g.talk.answers) for g in self.graded)

    @property
    def leaks(self) -> int:
        return sum(bool(a.leaked) for g in self.graded for a in g.talk.answers)

    @property
    def unlawful(self) -> int:
        return sum(len(g.talk.unlawful) for g in self.graded)

    @property
    def unreproduced(self) -> tuple[int, int]:
        """Figures that only the evidence says, of all figures said."""
        every = [figures(a.text) for g in self.graded for a in g.talk.answers]
        only = [graders.unreproduced(a) for g in self.graded for a in g.talk.answers]
        return sum(map(len, only)), sum(map(len, every))

    @property
    def phrased_by(self) -> Counter[str]:
        return Counter(
            a.turn.reply.phrased_by for g in self.graded for a in g.talk.answers if a.turn and a.turn.reply
        )

    @property
    def failed_checks(self) -> Counter[str]:
        """What the desk's own checks stopped."""
        replies = [a.turn.reply for g in self.graded for a in g.talk.answers if a.turn and a.turn.reply]
        return Counter(v.check for reply in replies for v in reply.verdicts if not v.passed)

    def seconds(self, of: str, share: float) -> float:
        """`of`: first, last, or a step of the path."""
        answers = [a for g in self.graded for a in g.talk.answers if not a.error]
        if of in ("first", "last"):
            times = [a.first if of == "first" else a.last for a in answers]
        else:
            times = [dict(a.turn.seconds).get(of, 0.0) for a in answers if a.turn]
        return quantile(times, share)

    def _share(self, of: Callable[[Graded], bool], hit: Callable[[Graded], bool]) -> Share:
        some = [g for g in self.graded if of(g)]
        return Share(sum(map(hit, some)), len(some))

    def lines(self) -> list[str]:
        rows = [_row("组 / group", "n", "全对 / fully right")]
        rows += [_row(group, str(self.right(group).of), str(self.right(group))) for group in self.groups]
        rows += [
            _row(lang, str(self.right_in(lang).of), str(self.right_in(lang))) for lang in script_names(self)
        ]
        rows.append(_row("全部 / all", str(self.right().of), str(self.right())))
        if self.every_time.of != self.right().of:
            rows.append(_row("每次都对 / right every time", str(self.every_time.of), str(self.every_time)))
        named = (("有用 / useful", self.useful), ("意图 / intents", self.intents), ("语言 / language", self.language),
                 ("转人工召回 / hand-off recall", self.handoff_recall), ("误转 / false hand-offs", self.handoff_false),
                 ("不知道就说 / says it does not know", self.unknown))  # fmt: skip
        rows += ["", *(_row(name, str(share.of), str(share)) for name, share in named)]
        only, of_all = self.unreproduced
        by = self.phrased_by
        spoken = max(1, sum(by.values()))
        rows += [
            "",
            f"编造的数字 / invented figures: {self.invented} / {self.answers} 条回答 / answers",
            f"他人的数据 / others' rows shown: {self.leaks}    越权写入 / unlawful writes: {self.unlawful}",
            f"只有事实里有、行里推不出的数字 / figures only the evidence says: {only} / {of_all}",
            "措辞 / phrased by: " + "  ".join(f"{who} {n / spoken:.0%}" for who, n in sorted(by.items())),
            "检查拦下 / stopped by checks: " + ("  ".join(f"{c} {n}" for c, n in self.failed_checks.most_common()) or "–"),
            "秒 / seconds  p50 p95:  " + "   ".join(
                f"{name} {self.seconds(name, 0.5):.2f} {self.seconds(name, 0.95):.2f}" for name in ("first", "last", *STEPS)),
        ]  # fmt: skip
        return rows

    def misses(self) -> list[str]:
        """Every conversation that is not fully right: what was asked, what was answered, what is wrong."""
        rows: list[str] = []
        for g in self.graded:
            if g.wrong:
                rows.append(f"{g.talk.case.id} [{g.talk.case.group}] {' ⏎ '.join(g.talk.case.say)}")
                rows.append(f"    → {' '.join(g.talk.last.text.split()) if g.talk.answers else ''}")
                rows += [f"    ✗ {name}: {why}" for name, why in g.wrong]
        return rows

    def causes(self) -> Counter[str]:
        return Counter(name for g in self.graded for name, _ in g.wrong)

    def as_json(self) -> JsonObject:
        def share(s: Share) -> JsonObject:
            low, high = s.interval
            known = bool(s.of)
            return {"n": s.of, "hits": s.hits, "value": round(s.value, 4) if known else None,
                    "low": round(low, 4) if known else None, "high": round(high, 4) if known else None}  # fmt: skip

        only, of_all = self.unreproduced
        return {
            "right": share(self.right()),
            "right_every_time": share(self.every_time),
            "groups": {group: share(self.right(group)) for group in self.groups},
            "langs": {lang: share(self.right_in(lang)) for lang in script_names(self)},
            "useful": share(self.useful), "intents": share(self.intents), "language": share(self.language),
            "handoff_recall": share(self.handoff_recall), "handoff_false": share(self.handoff_false), "unknown": share(self.unknown),
            "answers": self.answers, "invented": self.invented, "others_shown": self.leaks, "unlawful_writes": self.unlawful,
            "figures": of_all, "figures_only_in_evidence": only,
            "phrased_by": dict(self.phrased_by), "stopped_by_checks": dict(self.failed_checks), "causes": dict(self.causes()),
            "seconds": {name: {"p50": round(self.seconds(name, 0.5), 4), "p95": round(self.seconds(name, 0.95), 4)}
                        for name in ("first", "last", *STEPS)},
        }  # fmt: skip

    def details(self) -> list[JsonObject]:
        """One object for each conversation, for a file."""
        return [
            {"id": g.talk.case.id, "group": g.talk.case.group, "run": g.talk.run, "right": g.right, "say": list(g.talk.case.say),
             "answers": [a.text for a in g.talk.answers], "wrong": [list(w) for w in g.wrong],
             "facts": [f.name for e in (g.talk.last.turn.evidence if g.talk.last.turn else ()) for f in e.facts],
             "seconds": [round(a.last, 3) for a in g.talk.answers]}
            for g in self.graded
        ]  # fmt: skip


def script_names(report: Report) -> tuple[str, ...]:
    return tuple(dict.fromkeys(g.talk.case.lang for g in report.graded))


def _all(g: Graded) -> bool:
    return True


def _row(name: str, n: str, share: str) -> str:
    wide = sum("一" <= c <= "鿿" for c in name)
    return f"{name:<{36 - wide}}{n:>5}  {share}"
