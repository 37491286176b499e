"""Somebody else's training of the same rows: TRL's SFTTrainer with peft, as they come. Only `mingbai bench learn` uses it.

The weights are the same GGUF's, in float32 as TRL loads them, and the sentences are tokenised by us, so that both sides learn
the very same tokens. Its clock runs over `train()` alone: loading, unpacking and judging are not held against it. After
every epoch it is judged, and it may stop as soon as it is good enough.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM, TrainerCallback
from trl import SFTConfig, SFTTrainer

from mingbai.learn import judge
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.figures import Epoch, Figures
from mingbai.learn.lessons import Lesson, lessons
from mingbai.learn.weights import Tensor, Weights

NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}  # fmt: skip


def train(
    base: Path,
    examples: Sequence[Example],
    held: Sequence[Example],
    recipe: Recipe,
    *,
    ours: bool,
    enough: int,
    folder: Path,
) -> Figures:
    """`ours`: with our rank, rate, batch and projections (in all its layers), for `recipe.epochs` at most and no longer than until
    `enough` held-out sentences are named rightly; else with the defaults of TRL and peft, to their end."""
    torch.set_num_threads(recipe.threads)
    model = _model(base)
    taught = [_row(lesson) for lesson in lessons(base, examples)]
    lora = (
        LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, target_modules="all-linear", task_type="CAUSAL_LM")
        if ours
        else LoraConfig(task_type="CAUSAL_LM")
    )
    changes: dict[str, Any] = (
        {
            "learning_rate": recipe.rate,
            "num_train_epochs": recipe.epochs,
            "per_device_train_batch_size": recipe.batch,
        }
        if ours
        else {}
    )
    settings = SFTConfig(
        output_dir=str(folder), seed=recipe.seed, use_cpu=True, report_to="none", save_strategy="no",
        disable_tqdm=True, logging_strategy="no", **changes,
    )  # fmt: skip
    trainer = SFTTrainer(
        model=model,
        args=settings,
        train_dataset=Dataset.from_list(taught),
        processing_class=_padding(),
        peft_config=lora,
    )
    judged = _Judged(lessons(base, held), enough if ours else len(held) + 1)
    trainer.add_callback(judged)
    judged.go_on()
    trainer.train()
    return Figures(
        judged.seconds,
        judged.cpu_seconds,
        judged.epochs[-1].right,
        len(held),
        judged.peak_mib,
        tuple(judged.epochs),
    )


class _Judged(TrainerCallback):  # type: ignore[misc]  # transformers has no types for it
    """Judges after each epoch, with the clocks stopped."""

    def __init__(self, held: Sequence[Lesson], enough: int) -> None:
        self._held, self._enough = held, enough
        self.seconds = self.cpu_seconds = 0.0
        self.peak_mib = 0
        self.epochs: list[Epoch] = []

    def go_on(self) -> None:
        self._begun, self._before = time.monotonic(), time.process_time()

    def on_epoch_end(self, args: Any, state: Any, control: Any, **rest: Any) -> Any:
        self.seconds += time.monotonic() - self._begun
        self.cpu_seconds += time.process_time() - self._before
        self.peak_mib = self.peak_mib or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        model = rest["model"]
        self.epochs.append(Epoch(self.cpu_seconds, _right(model, self._held)))
        model.train()
        control.should_training_stop = control.should_training_stop or self.epochs[-1].right >= self._enough
        self.go_on()
        return control


def _row(lesson: Lesson) -> dict[str, list[int]]:
    prompt = len(lesson.tokens) - lesson.learned
    return {"input_ids": list(lesson.tokens), "labels": [-100] * prompt + list(lesson.tokens[prompt:])}


def _padding() -> Any:
    """The trainer wants a tokeniser to know what to pad with; the rows have their tokens already."""
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"<pad>": 0, "<eos>": 1}, "<pad>")),
        pad_token="<pad>",
        eos_token="<eos>",
    )


def _model(base: Path) -> Any:
    weights = Weights(base)
    d = weights.described
    head = weights.head()
    config = Qwen2Config(
        vocab_size=len(head), hidden_size=d.embedding_length, intermediate_size=weights.layout.feed_forward_length,
        num_hidden_layers=d.block_count, num_attention_heads=d.head_count, num_key_value_heads=d.head_count_kv,
        rope_parameters={"rope_type": "default", "rope_theta": weights.layout.rope_base},
        rms_norm_eps=weights.layout.norm_epsilon, tie_word_embeddings=True, max_position_embeddings=2048,
        bos_token_id=None, eos_token_id=None,
    )  # fmt: skip
    state = {"model.embed_tokens.weight": head.float(), "model.norm.weight": weights.final_norm()}
    for n in range(weights.layers):
        layer, at = weights.layer(n), f"model.layers.{n}"
        state[f"{at}.input_layernorm.weight"] = layer.attention_norm
        state[f"{at}.post_attention_layernorm.weight"] = layer.feed_norm
        for name, linear in layer.linear.items():
            state[f"{at}.{NAMES[name]}.weight"] = linear.weight.float()
            if linear.bias is not None:
                state[f"{at}.{NAMES[name]}.bias"] = linear.bias
    model = Qwen2ForCausalLM(config)
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected
    assert set(missing) <= {"lm_head.weight"}  # tied to the embedding
    return model


@torch.no_grad()  # type: ignore[untyped-decorator]
def _right(model: Any, held: Sequence[Lesson]) -> int:
    model.eval()
    plain = model.get_base_model()  # in which peft has put its matrices

    def odds(some: Sequence[int]) -> Tensor:
        prompts = [held[i].tokens[: -held[i].learned] for i in some]
        longest = max(map(len, prompts))
        padded = torch.tensor([[*prompt, *[0] * (longest - len(prompt))] for prompt in prompts])
        ends = torch.tensor([len(prompt) - 1 for prompt in prompts])
        with torch.autocast("cpu", torch.bfloat16):
            # What stands behind an end is not seen from it.
            stream = plain.model(input_ids=padded).last_hidden_state[torch.arange(len(prompts)), ends]
            return plain.lm_head(stream).float()

    return judge.right(held, odds)
