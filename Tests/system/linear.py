"""Whether a history of calls could have happened one after the other (Herlihy and Wing, 1990).

The object is one opportunity: nobody's, or somebody's, with a generation that counts its changes. The search is
that of Wing and Gong (1993) with the memory of Lowe (2017): which calls have taken effect, and what state they
leave, is tried once only. A history may be cut wherever no call is under way, so `Checker` takes it in pieces
and carries the states on that are possible.

Run by itself it checks that the checker finds planted faults: a check that cannot fail shows nothing.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Call:
    """`began` and `ended` are instants of one clock; `answer` is None where none was heard.

    what      args           answers
    claim     (who, seen)    ("won", generation) | ("held", holder) | ("stale",)
    release   (who, gen)     ("ok",) | ("stale",)
    take      (who, gen)     ("won", generation) | ("stale",)
    look      ()             ("open",) | ("held", holder)
    """

    began: float
    ended: float
    what: str
    args: tuple
    answer: tuple | None


def step(state, call):
    """The states that a call may leave with its answer; none where the answer cannot be from here.

    A state is the generation, the holder, and what was given back: the same press a second time answers as the
    first time.
    """
    generation, holder, returned = state
    outcomes = []
    if call.what == "claim":
        who, seen = call.args
        if holder is None and seen == generation:
            outcomes.append((("won", generation + 1), (generation + 1, who, returned)))
        elif holder is None:
            outcomes.append((("stale",), state))
        elif holder == who:
            outcomes.append((("won", generation), state))
        else:
            outcomes.append((("held", holder), state))
    elif call.what == "release":
        who, seen = call.args
        if holder == who and seen == generation:
            outcomes.append((("ok",), (generation + 1, None, returned | {(who, seen)})))
        elif (who, seen) in returned and holder != who:
            outcomes.append((("ok",), state))
        else:
            outcomes.append((("stale",), state))
    elif call.what == "take":
        who, seen = call.args
        if holder is not None and holder != who and seen == generation:
            outcomes.append((("won", generation + 1), (generation + 1, who, returned)))
        elif holder == who:
            outcomes.append((("won", generation), state))
        else:
            outcomes.append((("stale",), state))
    elif call.what == "look":
        outcomes.append(((("open",) if holder is None else ("held", holder)), state))
    # Of a call without an answer nobody knows whether it took effect.
    if call.answer is None:
        return {after for _, after in outcomes} | {state}
    return {after for answer, after in outcomes if answer == call.answer}


def reachable(calls, states):
    """The states in which a piece of history can end that begins in one of `states`; empty: it cannot be."""
    calls = sorted(calls, key=lambda call: call.began)
    everything = (1 << len(calls)) - 1
    ends = set()
    seen = set()
    pending = [(0, state) for state in states]
    while pending:
        done, state = pending.pop()
        if (done, state) in seen:
            continue
        seen.add((done, state))
        if done == everything:
            ends.add(state)
            continue
        # Whatever ended before another began took effect before it.
        earliest = min(call.ended for at, call in enumerate(calls) if not done >> at & 1)
        moves = []
        for at, call in enumerate(calls):
            if done >> at & 1:
                continue
            if call.began > earliest:
                break
            afters = step(state, call)
            if call.answer is not None and afters == {state}:
                # Answered so from here, and changes nothing: whatever else comes may as well come after it.
                moves = [(done | 1 << at, state)]
                break
            moves += [(done | 1 << at, after) for after in afters]
        pending += moves
    return ends


class Checker:
    """Takes pieces of the history of one opportunity, each of which began when the last had ended."""

    def __init__(self, generation=0):
        self.states = {(generation, None, frozenset())}
        self.calls = 0

    def add(self, calls):
        """Raises `Impossible` where the piece cannot be put in an order."""
        ends = reachable(calls, self.states)
        if not ends:
            raise Impossible(self.states, calls)
        # A press is sent twice within moments; what was given back long ago need not be remembered.
        recent = max(generation for generation, _, _ in ends) - 8
        self.states = {
            (generation, holder, frozenset(pair for pair in returned if pair[1] >= recent))
            for generation, holder, returned in ends}
        self.calls += len(calls)


class Impossible(Exception):
    def __init__(self, states, calls):
        lines = "\n".join(f"  {call}" for call in sorted(calls, key=lambda call: call.began))
        super().__init__(f"No order of these calls explains their answers, from {states}:\n{lines}")


def planted():
    """Histories with whether they can be."""

    def call(began, ended, what, args, *answer):
        return Call(began, ended, what, args, answer or None)

    won = call(0, 5, "claim", ("ann", 0), "won", 1)
    return [
        ("one wins, the other is told", True, [won, call(1, 6, "claim", ("bob", 0), "held", "ann")]),
        ("two win", False, [won, call(1, 6, "claim", ("bob", 0), "won", 1)]),
        ("two win, one generation on", False, [won, call(1, 6, "claim", ("bob", 0), "won", 2)]),
        ("nobody wins", False, [call(0, 5, "claim", ("ann", 0), "held", "bob"),
                                call(1, 6, "claim", ("bob", 0), "held", "ann")]),
        ("told of a holder who was none", False, [won, call(1, 6, "claim", ("bob", 0), "held", "dee")]),
        ("open after it was won", False, [won, call(6, 7, "look", (), "open")]),
        ("open while it is won", True, [won, call(1, 2, "look", (), "open")]),
        ("held, then open, and nobody gave it back", False,
         [won, call(1, 2, "look", (), "held", "ann"), call(3, 4, "look", (), "open")]),
        ("an old page wins after a release", False,
         [won, call(6, 7, "release", ("ann", 1), "ok"), call(8, 9, "claim", ("bob", 0), "won", 3)]),
        ("a new page wins after a release", True,
         [won, call(6, 7, "release", ("ann", 1), "ok"), call(8, 9, "claim", ("bob", 2), "won", 3)]),
        ("given back twice, and told so twice", True,
         [won, call(6, 7, "release", ("ann", 1), "ok"), call(8, 9, "release", ("ann", 1), "ok")]),
        ("told that it was given back, and it was not", False,
         [won, call(6, 7, "take", ("bob", 1), "won", 2), call(8, 9, "release", ("ann", 1), "ok"),
          call(10, 11, "look", (), "open")]),
        ("an old page is told so", True,
         [won, call(6, 7, "release", ("ann", 1), "ok"), call(8, 9, "claim", ("bob", 0), "stale")]),
        ("taken over, and the old holder gives it back all the same", False,
         [won, call(6, 7, "take", ("bob", 1), "won", 2), call(8, 9, "release", ("ann", 1), "ok")]),
        ("no answer was heard, and it took effect", True,
         [call(0, 5, "claim", ("ann", 0)), call(6, 7, "look", (), "held", "ann")]),
        ("no answer was heard, and it took none", True,
         [call(0, 5, "claim", ("ann", 0)), call(6, 7, "look", (), "open")]),
    ]


def self_test():
    for name, can_be, calls in planted():
        found = bool(reachable(calls, {(0, None, frozenset())}))
        if found != can_be:
            raise SystemExit(f"the checker is wrong about: {name}")
    return len(planted())


if __name__ == "__main__":
    print(f"{self_test()} planted histories are told rightly")
