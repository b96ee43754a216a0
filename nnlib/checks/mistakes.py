"""Find the mistake in a wrong answer: a known one, a repair that makes it right, or two at once."""

import ast
import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import combinations

import numpy as np

from nnlib.checks.attempt import SEED, Attempt, Parts, hashable, same_error, with_globals
from nnlib.checks.compare import ComparisonError, safe_repr
from nnlib.checks.exercise import Mistake, all_exercises, edited
from nnlib.checks.feedback import Found, message, table
from nnlib.checks.mutations import Edit, Source, slip_says, words
from nnlib.checks.sandbox import cpu_time

SECONDS = 0.22  # of the processor, for the whole search
LINE_SECONDS = 0.05  # to find the line of a mistake that is known already
AGAIN_SECONDS = 0.1  # to look at what is left once one mistake is repaired


class Search:
    """The search for the mistake that explains an attempt; it ends after some time."""

    def __init__(self, attempt: Attempt, seconds: float = SECONDS, source: Source | None = None):
        self.attempt = attempt
        self.until = cpu_time() + seconds
        self.order = sorted(range(len(attempt.cases)), key=self._rank)
        self.source = source or Source.of(attempt.function)
        self.answer_source = Source.of(attempt.exercise.answer)
        numbers = tuple(dict.fromkeys(self.answer_source.numbers()))
        too_large = any(isinstance(got, MemoryError) for got in attempt.got)
        searched = self.source and not too_large  # an edit might make an array that just fits
        edits = self.source.edits(numbers, attempt.cases) if searched else []
        answer = ast.unparse(self.answer_source.tree)
        right = {edit.old: ast.unparse(edit.old) in answer for edit in edits if _is_compound(edit)}
        self.edits = sorted(edits, key=lambda edit: right.get(edit.old, False))
        if any("truth value of an array" in safe_repr(got, 500) for got in attempt.got):
            self.edits = [edit for edit in self.edits if not isinstance(edit.old, ast.If)]
        text = "\n".join(self.source.lines) if self.source else None
        known = attempt.exercise.mistakes
        self.known = [one for one in known if text is None or re.search(one.when, text)]
        self.partial: list[Edit] = []  # edits that get further, the best first
        self.is_complete = True  # whether what is found explains everything
        self.outputs: dict[Callable, dict[int, Parts]] = {}

    def _rank(self, k: int) -> tuple:
        """Cases that show the mistake come first, and quick ones."""
        attempt = self.attempt
        return (k >= len(attempt.got) or not attempt.shown(k), *attempt.seconds[k : k + 1])

    def time_is_up(self, until: float = np.inf) -> bool:
        """Return whether the search has to end."""
        return cpu_time() > min(self.until, until)

    def found(self) -> list[Found]:
        """Return the mistakes that together explain the whole answer, one or two; or none."""
        found = self._fact_and_rest()
        known = self.known if found else [*self.known, *self._in_helpers()]
        says = "" if found else self._first_that_explains(known)
        if says:
            return [self._located(says, self.repair(self.edits, LINE_SECONDS))]
        found = found or self._two_mistakes(known, only_likely=True)
        if found:
            return found
        self.partial, nearly = self._tried(self.edits)
        if self.partial and self._is_right(self.partial[0]):
            return [self.described(self.partial[0])]
        slips: list[Mistake] = []
        return (
            self._with_partial(self.partial, known)
            or self._repair_and_mistake(nearly, known)
            or self._two_repairs(self._same_slip_twice())
            or self._two_mistakes(known, seconds=LINE_SECONDS)
            or self._with_partial(self._in_some_cases(), known)
            or self._slip(slips)
            or self._two_mistakes(known)
            or self._repair_and_mistake(nearly, slips)
        )

    def certain(self) -> list[Found]:
        """Return the mistake that a repair of a certain kind makes right, such as `^` for `**`."""
        repair = self.repair([edit for edit in self.edits if edit.has("certain")])
        return [self.described(repair)] if repair else []

    def repair(self, edits: list[Edit], seconds: float = SECONDS) -> Edit | None:
        """Return the first of some edits that makes everything right."""
        until = cpu_time() + seconds
        right = (edit for edit in edits if self.time_is_up(until) or self._is_right(edit))
        found = next(right, None)
        return None if self.time_is_up(until) else found

    def explained(self) -> list[tuple[Found, list[int]]]:
        """Return mistakes that explain some of the wrong parts, and the parts of each."""
        self.until = max(self.until, cpu_time() + LINE_SECONDS)
        known = [(Found(m.says), self._alike(m.made, True)) for m in self.known]
        known = [(one, parts) for (one, parts), m in zip(known, self.known) if self._fits(m)]
        mended = [(e, self._right_parts(self.source.compiled(e))) for e in self.partial[:5]]
        repairs = [(self.described(e), parts) for e, parts in mended]
        found, left = [], set(self.attempt.wrong)
        while left:
            pairs = [(one, [p for p in parts if p in left]) for one, parts in [*known, *repairs]]
            one, parts = max(pairs, key=lambda pair: len(pair[1]), default=(None, []))
            if not parts:
                break
            found.append((one, parts))
            left -= set(parts)
        return found

    def _fits(self, mistake: Mistake) -> bool:
        """Whether nothing that a mistake makes wrong is right already."""
        right = {*range(self.attempt.size)} - {*self.attempt.wrong}
        pairs = [(self.attempt.wanted[k], self._output(mistake.made, k)) for k in self.order]
        return all(right <= self._common(*pair) for pair in pairs if isinstance(pair[1], list))

    def _fact_and_rest(self) -> list[Found]:
        """A mistake that is one whatever else is wrong, and what is left when it is repaired."""
        a = self.attempt
        disordered = all(isinstance(got, ComparisonError) for got in a.got)
        for edit in self.edits:
            if not (edit.has("fact") or (disordered and edit.has("arranges"))):
                continue
            function = self.source.compiled(edit)
            comparable = function and isinstance(self._output(function, self.order[0]), list)
            if not function or not (comparable or edit.kind == "return_in_loop"):
                continue
            if self._explains(function):
                continue
            rest = Attempt(a.exercise, function, np.random.default_rng(SEED), a.sandbox)
            seconds = min(AGAIN_SECONDS, self.until - cpu_time())
            search = Search(rest, seconds, self.source.after(edit))
            others = [] if rest.is_right else search.certain() or search.found()
            self.is_complete = rest.is_right or (bool(others) and search.is_complete)
            return [self.described(edit), *others]
        return []

    def _in_some_cases(self) -> list[Edit]:
        """The edits that make the answer right in more of the cases, the best first."""
        if self.attempt.size > 1:
            return []
        until, found = cpu_time() + LINE_SECONDS, []
        before = {k for k in self.order if k < len(self.attempt.got) and self._is_right_in(k)}
        for edit in self.edits:
            function = self.source.compiled(edit)
            if self.time_is_up(until):
                break
            if function:
                right = {k for k in self.order if self._is_right_in(k, function)}
                if right > before:
                    found.append((-len(right), len(found), edit))
        return [edit for *_, edit in sorted(found)[:3]]

    def _is_right_in(self, k: int, function: Callable | None = None) -> bool:
        got = self._output(function, k) if function else self.attempt.got[k]
        return len(self._common(self.attempt.wanted[k], got)) == self.attempt.size

    # ---------------------------------------------------------------- repairs of the learner's code

    def _tried(self, edits: list[Edit]) -> tuple[list[Edit], dict]:
        """The edits that get further, the best first, and all edits by what they give."""
        partial, outputs = [], {}
        attempt = self.attempt
        comparable = all(isinstance(got, list) for got in attempt.got)
        right_so_far = attempt.size - len(attempt.wrong) if comparable else 0
        line = 0 if comparable else self._error_line(attempt.function)
        for edit in edits:
            if self.time_is_up():
                break
            alone = edit.has("certain") and not edit.has("paired")
            function = None if alone else self.source.compiled(edit)
            if function is None:
                continue
            right = self._right_parts(function)
            if len(right) == attempt.size and not self._is_right(edit):
                continue  # it's right by chance
            if len(right) > right_so_far:
                partial.append((-len(right), edit))
            elif not comparable and self._error_line(function) > line:
                partial.append((0, edit))
            if edit.has("paired"):
                outputs.setdefault(hashable(self._output(function, self.order[0])), []).append(edit)
        partial.sort(key=lambda pair: pair[0])
        return [edit for _, edit in partial], outputs

    def _is_right(self, *edits: Edit) -> bool:
        """Whether all is right with some edits, also for other inputs."""
        function, a = self.source.compiled(*edits), self.attempt
        if not function or len(self._right_parts(function)) < a.size:
            return False
        rng = np.random.default_rng(SEED + 1)
        return Attempt(a.exercise, function, rng, a.sandbox).is_right

    def _right_parts(self, function: Callable) -> list[int]:
        """The parts that a function gets right in every case; [] if it mends no wrong part."""
        right, wrong = {*range(self.attempt.size)}, {*self.attempt.wrong}
        for k in self.order:
            right &= self._common(self.attempt.wanted[k], self._output(function, k))
            if not right or (wrong and wrong.isdisjoint(right)):
                return []
        return sorted(right)

    def _error_line(self, function: Callable) -> float:
        """The last line that a function reaches in the first case that fails; inf if it doesn't."""
        k = next(k for k, got in enumerate(self.attempt.got) if not isinstance(got, list))
        output = self._output(function, k)
        if isinstance(output, ComparisonError):
            return 1e9  # it reaches the end, but gives something of another kind
        trace = getattr(output, "__traceback__", None)
        file = getattr(getattr(function, "__code__", None), "co_filename", "")
        lines = [n for frame, n in traceback.walk_tb(trace) if frame.f_code.co_filename == file]
        first = 1 if function is self.attempt.function else self.source.first_line
        return max(lines) + first - 1 if lines else np.inf

    def _output(self, function: Callable, k: int) -> Parts:
        """What a function gives for case k; called only once."""
        outputs = self.outputs.setdefault(function, {})
        if k not in outputs:
            outputs[k] = self.attempt.call(function, k)
        return outputs[k]

    def _common(self, one: Parts, other: Parts) -> set[int]:
        """The parts in which two answers agree; none if one of them is an error."""
        both = isinstance(one, list) and isinstance(other, list)
        pairs = enumerate(zip(one, other)) if both else ()
        return {part for part, pair in pairs if self.attempt.same(*pair)}

    def described(self, edit: Edit) -> Found:
        """Return what a repair says about the learner's line."""
        old, new = edit.texts()
        if edit.kind == "function":
            old = ast.unparse(edit.old.func)
        arguments = [f"`{word}`" for word in words(new) if word in self.source.arguments]
        argument = arguments[0] if arguments else ""
        around = ast.unparse(getattr(edit.old, "around", edit.old)).partition("\n")[0]
        details = {"old": old, "new": new, "argument": argument, "around": around}
        says = message(f"{edit.kind}.repair", "edits", **details)
        return self._located(says, edit)

    def _located(self, says: str, edit: Edit | None) -> Found:
        """The sentence with the line of an edit: of its first place that is needed."""
        if not edit:
            return Found(says)
        sites = list(edit.sites)
        for site in edit.sites if len(sites) > 1 else ():
            rest = [one for one in sites if one is not site]
            sites = rest if rest and self._is_right(edit._replace(sites=tuple(rest))) else sites
        holder, key, _ = sites[0]
        line = edit.line if key is None else self.source.line(holder[key])
        return Found(says, line, self.source.text(line))

    def _two_repairs(self, pairs: Iterable[tuple[Edit, Edit]]) -> list[Found]:
        right = (pair for pair in pairs if self.time_is_up() or self._is_right(*pair))
        found = next(right, ())
        return [] if self.time_is_up() else [self.described(edit) for edit in found]

    def _same_slip_twice(self) -> Iterator[tuple[Edit, Edit]]:
        single = [e for e in self.edits if e.has("paired") and len(e.sites) == 1]
        pairs = combinations(single, 2)
        return (two for two in pairs if two[0].rule == two[1].rule and two[0].kind == two[1].kind)

    # ---------------------------------------------------------------- mistakes in the right answer

    def _in_helpers(self) -> Iterator[Mistake]:
        answer = self.attempt.exercise.answer
        for name in answer.__code__.co_names:
            helper = all_exercises().get(name)
            if helper and name in answer.__globals__ and helper.answer is not answer:
                for mistake in helper.mistakes:
                    made = with_globals(answer, **{name: mistake.made})
                    yield Mistake(message("mistakes.helper", name=name, says=mistake.says), made)

    def _slip(self, slips: list[Mistake]) -> list[Found]:
        """A small edit of the right answer that explains all; `slips` gets them all."""
        for edit in self.answer_source.edits():
            if self.time_is_up():
                break
            made = edit.has("slip") and self.answer_source.compiled(edit)
            if made:
                slips.append(Mistake(slip_says(edit, self.attempt.exercise.arguments), made))
        says = self._first_that_explains(slips) if self.attempt.wrong else ""
        return [Found(says)] if says else []

    def _first_that_explains(self, mistakes: list[Mistake]) -> str:
        return next((one.says for one in mistakes if self._explains(one.made)), "")

    def _explains(self, function: Callable) -> bool:
        """Whether a function gives exactly what the learner's does, errors too."""
        return len(self._alike(function)) == self.attempt.size

    def _alike(self, function: Callable, beside_errors: bool = False) -> list[int]:
        """The parts that a function gives as the learner's does, some of them wrong."""
        attempt, left = self.attempt, {*range(self.attempt.size)}
        comparable = sum(isinstance(got, list) for got in attempt.got)
        beside_errors &= bool(attempt.wrong) and comparable > len(attempt.got) / 2
        for k in self.order:
            if self.time_is_up() or k >= len(attempt.got):
                return []
            theirs, got = self._output(function, k), attempt.got[k]
            if isinstance(theirs, list) and isinstance(got, list):
                left &= self._common(theirs, got)
            elif not same_error(theirs, got) and not (beside_errors and isinstance(theirs, list)):
                return []
            if attempt.wrong and left.isdisjoint(attempt.wrong):
                return []
        return sorted(left)

    def _repair_and_mistake(self, nearly: dict, mistakes: list[Mistake]) -> list[Found]:
        """Two mistakes: repaired in one place, the answer is what a known mistake gives."""
        if not self.attempt.wrong or not self._tells_much(self.attempt.got):
            return []
        for mistake in mistakes:
            if self.time_is_up():
                break
            for edit in nearly.get(hashable(self._output(mistake.made, self.order[0])), [])[:5]:
                function = self.source.compiled(edit)
                if not self._agree(function, mistake.made):
                    continue
                outputs = [self._output(function, k) for k in self.order]
                much = self._tells_much(outputs) and self._is_no_worse(function)
                if much and not self._is_made_by(mistake, edit):
                    return [self.described(edit), Found(mistake.says)]
        return []

    def _with_partial(self, partial: list[Edit], mistakes: list[Mistake]) -> list[Found]:
        """Two mistakes: a repair gets further, and a known one or another repair does the rest."""
        comparable = all(isinstance(got, list) for got in self.attempt.got)
        errors = [str(got) for got in self.attempt.got if isinstance(got, ValueError)]
        shapes = any("shape" in text or "dimension" in text for text in errors)
        for edit in partial[:5]:
            needed = table(f"{edit.kind}.structure", "edits")
            if not comparable and not (needed == "steps" or (needed == "shapes" and shapes)):
                continue
            function = self.source.compiled(edit)
            for mistake in mistakes:
                if self.time_is_up():
                    return []
                if self._agree(function, mistake.made) and not self._is_made_by(mistake, edit):
                    return [self.described(edit), Found(mistake.says)]
        pairs = ((edit, other) for edit in partial[:2] for other in self.edits)
        return self._two_repairs(p for p in pairs if p[0].kind == p[1].kind or p[1].has("paired"))

    def _tells_much(self, answers: list[Parts]) -> bool:
        """Whether answers hold enough different numbers that no two agree by chance."""
        if not all(isinstance(got, list) for got in answers):
            return False
        pairs = ((got, part) for got in answers for part in self.attempt.wrong)
        parts = [np.ravel(got[part]).astype(float) for got, part in pairs]
        numbers = np.unique(np.concatenate(parts).round(9))
        numbers = numbers[np.isfinite(numbers)]
        return int((numbers != np.round(numbers)).sum()) >= 3 or len(numbers) >= 6

    def _is_no_worse(self, function: Callable) -> bool:
        """Whether a function is right, or at least finite, wherever the learner's is."""
        for k in self.order:
            right, mine, other = (
                self.attempt.wanted[k],
                self.attempt.got[k],
                self._output(function, k),
            )
            endless = any(np.isfinite(m).all() > np.isfinite(o).all() for m, o in zip(mine, other))
            if endless or not self._common(right, mine) <= self._common(right, other):
                return False
        return True

    def _is_made_by(self, mistake: Mistake, repair: Edit) -> bool:
        """Whether a repair of the learner's code makes the mistake, as it does in the answer."""
        like = repair.kind, repair.rule
        edits = [edit for edit in self.answer_source.edits() if (edit.kind, edit.rule) == like]
        made = filter(None, map(self.answer_source.compiled, edits))
        return any(self._agree(one, mistake.made) for one in made)

    def _agree(self, one: Callable, other: Callable) -> bool:
        pairs = ((self._output(one, k), self._output(other, k)) for k in self.order)
        return all(len(self._common(*pair)) == self.attempt.size for pair in pairs)

    def _two_mistakes(
        self, mistakes: list[Mistake], only_likely: bool = False, seconds: float = SECONDS
    ) -> list[Found]:
        """Two known mistakes at once; a likely first one explains some of the parts."""
        answer = self.attempt.exercise.answer
        until = cpu_time() + seconds
        mistakes = [mistake for mistake in mistakes if mistake.edits]
        explained = {mistake: len(self._alike(mistake.made)) for mistake in mistakes}
        for first in sorted(mistakes, key=lambda mistake: -explained[mistake]):
            if only_likely and not explained[first]:
                break
            for second in mistakes:
                if self.time_is_up(until):
                    return []
                with suppress(ValueError, SyntaxError):
                    made = edited(answer, (*first.edits, *second.edits))
                    if first is not second and self._explains(made):
                        return [Found(first.says), Found(second.says)]
        return []


def _is_compound(edit: Edit) -> bool:
    return isinstance(edit.old, (ast.BinOp, ast.Call, ast.Compare)) and not edit.has("certain")
