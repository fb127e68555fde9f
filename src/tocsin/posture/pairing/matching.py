"""The plan that the prices ask for: a matching in a general graph, then the beats that it keeps.

A choice's price is what a plan with it costs over the bound, at least; a unit left over has one
too. The matching with the least sum of them is found exactly (Edmonds 1965), and what it cannot
see, that neighbours cover beats, is then solved for its pairs.
"""

import numpy as np
import rustworkx

from tocsin.posture.pairing.board import Board, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.relaxing import Relaxed
from tocsin.posture.pairing.travel import Numbers

_LEANING = 1.0
"""Minutes of price that a pair gains which is wholly in the relaxation: of many pairs at one price
these fit together on the beats. 1 was best of 0, 1, 3, 10 and 30 in four invented cities."""

_SCALE = 1e4
"""The matching counts in whole numbers: ten thousandths of a minute."""

_MOST = 1e7
"""Minutes that are gained by pairing two whom a person fixed: more than anything else."""


def match(board: Board, choices: Choices, relaxed: Relaxed) -> Indexes:
    """One choice for each pair of the best matching; no unit is in two of them."""
    leaving = np.minimum(relaxed.leaving, _MOST)
    leaving[[unit for pair in board.fixed for unit in pair]] = _MOST
    pairs = np.zeros(len(choices.pairings.one))
    np.add.at(pairs, choices.pairs, relaxed.shares)
    prices = relaxed.prices - _LEANING * pairs[choices.pairs]
    gains = leaving[choices.one] + leaving[choices.other] - prices
    order = np.lexsort((-relaxed.shares, prices, choices.pairs))
    first = np.ones(len(order), dtype=bool)
    first[1:] = choices.pairs[order][1:] != choices.pairs[order][:-1]
    best = order[first & (gains[order] > 0)]
    return np.sort(best[_matched(board.size, choices, best, gains)])


def _matched(size: int, choices: Choices, best: Indexes, gains: Numbers) -> Indexes:
    """Which of these choices, one for each pair, gain most together."""
    number = {
        (int(one), int(other)): index
        for index, (one, other) in enumerate(
            zip(choices.one[best], choices.other[best], strict=True)
        )
    }
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(list(range(size)))
    weights = np.rint(gains[best] * _SCALE).astype(np.int64).tolist()
    graph.add_edges_from([(*pair, weights[index]) for pair, index in number.items()])
    found = rustworkx.max_weight_matching(graph, weight_fn=int)
    return np.array(
        sorted(number[min(pair), max(pair)] for pair in found),
        dtype=np.int64,
    )
