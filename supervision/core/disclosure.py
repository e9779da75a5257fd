"""Statistics that tell about a market without telling about anyone in it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from common.suppression import Key, Line, rounded, withhold
from common.thresholds import Method

ALL = ""  # the sum over all directions
NATION = "000000"
REST = "~"  # what of a division lies in none of its parts


@dataclass(frozen=True)
class Contribution:
    """What one party adds to one cell.

    `person` names the natural person behind it where there is one, else the party: an authority must not learn about a
    handful of people through the organisations that they act for.
    """

    division_code: str
    direction: str
    organisation: int
    person: str
    value: int = 1


@dataclass(frozen=True)
class Figure:
    """One cell as it may be shown; `value` is None when it is withheld, and never says why."""

    division_code: str
    direction: str
    value: int | None


@dataclass
class _Tally:
    value: int = 0
    persons: set[str] = field(default_factory=set)
    by_organisation: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, part: Contribution) -> None:
        self.value += part.value
        self.persons.add(part.person)
        self.by_organisation[part.organisation] += part.value

    def is_sensitive(self, method: Method) -> bool:
        return method.withholds(
            persons=len(self.persons),
            organisations=len(self.by_organisation),
            largest=max(self.by_organisation.values(), default=0),
            total=self.value,
        )


def leaf(division_code: str) -> str:
    """Return the innermost division that a place given as `division_code` is counted in.

    A place known only as far as a city, a province or not at all is counted beside the counties, under a code of its
    own such as "350200~": the city's sum would otherwise be more than its parts.
    """
    if not division_code:
        return NATION + REST
    return division_code + REST if division_code.endswith("00") else division_code


def ancestors(innermost: str) -> tuple[str, ...]:
    """Return a leaf and the divisions around it, innermost first: 350203, 350200, 350000, 000000."""
    division = innermost.removesuffix(REST)
    chain = (innermost, division, division[:4] + "00", division[:2] + "0000", NATION)
    return tuple(dict.fromkeys(chain))


def protect(
    contributions: Iterable[Contribution], divisions: Collection[str], directions: Sequence[str], method: Method
) -> list[Figure]:
    """Return the grid of divisions by directions with all margins, each figure rounded or withheld.

    Cells below the thresholds are withheld, zero among them: an empty cell tells as much as a small one.

    Args:
        contributions: what is counted; in a division and direction of the grid.
        divisions: the innermost divisions, as `leaf` gives them; those around them are added.
        directions: the columns; their sum is added.

    Returns:
        One figure for every division (innermost and around) and direction, in the order of their codes.
    """
    tallies: dict[Key, _Tally] = defaultdict(_Tally)
    for part in contributions:
        for division in ancestors(part.division_code):
            tallies[division, part.direction].add(part)
            tallies[division, ALL].add(part)
    tree = _children(divisions)
    keys = [(division, direction) for division in sorted(_nodes(tree)) for direction in (ALL, *sorted(directions))]
    values = {key: tallies[key].value for key in keys}
    sensitive = {key for key in keys if tallies[key].is_sensitive(method)}
    hidden = withhold(values, list(_lines(tree, directions)), sensitive, base=method.base)
    return [Figure(*key, None if key in hidden else rounded(values[key], method.base)) for key in keys]


def lines(divisions: Collection[str], directions: Sequence[str]) -> list[Line]:
    """Return every sum that a reader of the grid knows to hold."""
    return list(_lines(_children(divisions), directions))


def _children(divisions: Collection[str]) -> Mapping[str, list[str]]:
    tree: dict[str, list[str]] = {NATION: []}
    for division in sorted(set(divisions)):
        chain = ancestors(division)
        for inner, outer in pairwise(chain):
            siblings = tree.setdefault(outer, [])
            if inner not in siblings:
                siblings.append(inner)
    return tree


def _nodes(tree: Mapping[str, list[str]]) -> set[str]:
    return set(tree) | {inner for siblings in tree.values() for inner in siblings}


def _lines(tree: Mapping[str, list[str]], directions: Sequence[str]) -> Iterator[Line]:
    for division in sorted(_nodes(tree)):
        yield Line((division, ALL), tuple((division, direction) for direction in directions))
    for outer, inners in sorted(tree.items()):
        if inners:
            for direction in (ALL, *directions):
                yield Line((outer, direction), tuple((inner, direction) for inner in inners))
