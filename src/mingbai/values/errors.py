"""Every error a person can meet, in both languages, with what to do next.

MingbaiError
├── BadInput              the request or file cannot be used as it is
│   ├── TooLarge          it is over a limit that does not depend on the model
│   ├── ContextExceeded   prompt and answer do not fit the model's context
│   └── SettingsError     mingbai.toml, places.toml or a command-line value is wrong
├── Unauthenticated       no key, or one that is unknown, revoked or expired
├── Forbidden             the key is good, its scope is not enough
├── NotFound              no such model, key, file or route
├── NotBuilt              this service was put together without it
├── Busy                  the queue is full; `retry_after_seconds` says when to come back
├── EngineError           the model could not answer
│   ├── EngineUnavailable no engine is ready (starting, failed, or draining)
│   ├── EngineInterrupted the engine died under way; `released` says if anything was shown
│   ├── DeadlineExceeded  the time allowed for the whole answer ran out
│   ├── PlaceFailed       a place refused or broke the wire's contract
│   └── MaskFailed        personal data could not be masked: nothing was sent
├── StorageError          the database or its disk failed; nothing of the change was kept
└── WeightsError          weight files
    ├── WrongDigest       bytes are whole but not the published ones
    ├── NotWhole          not a GGUF, or a cut one
    ├── NoSource          every source was tried, none gave the bytes
    ├── NoSpace           the disk cannot take them
    └── PullUnderWay      another process holds the lock

A refusal by the shop's policy is not an error; it is an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


class MingbaiError(Exception):
    """What happened (`what`), what to do next (`mend`), and for requests which field it was (`param`)."""

    code: ClassVar[str] = "mingbai_error"

    def __init__(self, what: Text, mend: Text, *, param: str | None = None) -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend
        self.param = param


class BadInput(MingbaiError):
    code = "invalid_request"

    def __init__(self, what: Text, mend: Text, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(what, mend, param=param)
        if code is not None:
            self.code = code  # type: ignore[misc]  # an instance may be more exact than its class


class TooLarge(BadInput):
    code = "too_large"


class ContextExceeded(BadInput):
    code = "context_length_exceeded"


class SettingsError(BadInput):
    code = "invalid_settings"


class Unauthenticated(MingbaiError):
    code = "invalid_api_key"


class Forbidden(MingbaiError):
    code = "scope_not_allowed"


class NotFound(MingbaiError):
    code = "not_found"


class ModelNotFound(NotFound):
    code = "model_not_found"


class NotBuilt(MingbaiError):
    code = "not_built"


class Busy(MingbaiError):
    code = "queue_full"

    def __init__(self, what: Text, mend: Text, *, retry_after_seconds: int) -> None:
        super().__init__(what, mend)
        self.retry_after_seconds = retry_after_seconds


class EngineError(MingbaiError):
    code = "engine_error"


class EngineUnavailable(EngineError):
    code = "engine_unavailable"


class EngineInterrupted(EngineError):
    """`released` is true when a part of the answer had already left the engine."""

    code = "engine_interrupted"

    def __init__(self, what: Text, mend: Text, *, released: bool) -> None:
        super().__init__(what, mend)
        self.released = released


class DeadlineExceeded(EngineError):
    code = "deadline_exceeded"


class PlaceFailed(EngineError):
    """`status` is the place's HTTP status, 0 when no reply came; `reason` its own code; 0 seconds: it gave none."""

    code = "place_failed"

    def __init__(
        self, what: Text, mend: Text, *, status: int, reason: str = "", retry_after_seconds: int = 0
    ) -> None:
        super().__init__(what, mend)
        self.status = status
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class MaskFailed(EngineError):
    """Masking erred, took too long or could not be shown to be right. Nothing of the request has left this machine."""

    code = "mask_failed"

    def __init__(self, why: Text | None = None) -> None:
        super().__init__(
            Text(
                f"脱敏没有成功{f'（{why.zh}）' if why else ''}，内容没有发出。",
                f"Masking did not succeed{f' ({why.en})' if why else ''}: nothing was sent.",
            ),
            Text(
                "可改用本机的模型；并把时间告诉维护者。",
                "Use this machine's own model meanwhile, and tell the operator the time.",
            ),
        )


class StorageError(MingbaiError):
    code = "storage_error"


class WeightsError(MingbaiError):
    code = "weights_error"


class WrongDigest(WeightsError):
    code = "wrong_digest"


class NotWhole(WeightsError):
    code = "not_a_whole_gguf"


class NoSource(WeightsError):
    code = "no_source"


class NoSpace(WeightsError):
    code = "no_space"


class PullUnderWay(WeightsError):
    code = "pull_under_way"
