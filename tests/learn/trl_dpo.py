"""TRL's DPO trainer over the weights, tokens and adapter of ours: for its loss alone, it trains nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from trl import DPOConfig, DPOTrainer

from mingbai.learn import peer
from mingbai.learn.examples import Recipe
from mingbai.learn.lessons import Lesson
from mingbai.learn.qwen2 import Pair

WORDS = {
    "prompt": "<eos>",
    "chosen": "<eos>",
    "rejected": "<pad>",
}  # the trainer wants some; the batch is ours


class Peer:
    def __init__(
        self, base: Path, taught: Sequence[Lesson], pairs: Mapping[str, Pair], recipe: Recipe, folder: Path
    ) -> None:
        lora = LoraConfig(
            r=recipe.rank, lora_alpha=recipe.alpha, target_modules="all-linear", task_type="CAUSAL_LM"
        )
        settings = DPOConfig(
            output_dir=str(folder), beta=recipe.beta, loss_type=["sigmoid", "sft"], loss_weights=[1.0, recipe.said],
            use_cpu=True, bf16=False, gradient_checkpointing=False, report_to="none", save_strategy="no",
            per_device_train_batch_size=len(taught) // 2, remove_unused_columns=False, disable_dropout=True,
        )  # fmt: skip
        rows = [_row(taught[n], taught[n + 1]) for n in range(0, len(taught), 2)]
        self._trainer: Any = DPOTrainer(
            model=peer._model(base),
            peft_config=lora,
            args=settings,
            train_dataset=Dataset.from_list([WORDS]),
            processing_class=peer._padding(),
        )
        self._model = self._trainer.model
        self._of = {
            name: self._model.base_model.model.model.layers[int(number)].get_submodule(peer.NAMES[projection])
            for name in pairs
            for _, number, projection in [name.split(".")]
        }
        with torch.no_grad():
            for name, pair in pairs.items():
                self._of[name].lora_A["default"].weight.copy_(pair.down)
                self._of[name].lora_B["default"].weight.copy_(pair.up)
        self._taught = taught
        self._batch = self._trainer.data_collator(rows)

    def loss(self) -> float:
        self._trainer.model.train()
        self._loss = self._trainer.compute_loss(self._trainer.model, dict(self._batch))
        return float(self._loss)

    def gradients(self, pairs: Mapping[str, Pair], of: Any = None) -> Any:
        """Of its own loss, or of one made of `tokens`; in the order of our matrices."""
        matrices = [
            matrix
            for name in pairs
            for matrix in (self._of[name].lora_A["default"].weight, self._of[name].lora_B["default"].weight)
        ]
        found = torch.autograd.grad(self._loss if of is None else of, matrices)
        return torch.cat([each.flatten() for each in found])

    def tokens(self) -> list[Any]:
        """The log-probability of each learned token, lesson by lesson as ours lie."""
        said = []
        for lesson in self._taught:
            logits = self._model(input_ids=torch.tensor([lesson.tokens[:-1]])).logits[0, -lesson.learned :]
            told = torch.tensor(lesson.tokens[-lesson.learned :])
            said.append(torch.log_softmax(logits, dim=-1).gather(1, told[:, None])[:, 0])
        return said

    @torch.no_grad()
    def reference(self) -> Any:
        with self._model.disable_adapter():
            return torch.stack([each.sum() for each in self.tokens()])


def _row(chosen: Lesson, rejected: Lesson) -> dict[str, list[int]]:
    at = len(chosen.tokens) - chosen.learned
    return {
        "prompt_ids": list(chosen.tokens[:at]),
        "chosen_ids": list(chosen.tokens[at:]),
        "rejected_ids": list(rejected.tokens[at:]),
    }
