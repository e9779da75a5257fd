"""From one state of a market to the next by what differs alone."""

from collections.abc import Mapping

from matching.core.stream import Key, Stream


def followed(stream: Stream, edges: Mapping[Key, Mapping[Key, int]], places: Mapping[Key, int]) -> Stream:
    """Bring a stream to what is there now, by what differs alone.

    Args:
        stream: do not use it again, but what is returned.
        edges: surplus in fen of each need that is there with its lots; may be empty for some.
        places: deals that each lot can make, positive.

    Notes:
        Who goes, goes first; needs then change and come in the order of `edges`. Who was together stays together
        where no other plan is worth more.
    """
    before = dict(stream.pairs())
    if not stream.needs and not stream.lots:
        return Stream.opened(
            list(edges), places, {(need, lot): worth for need in edges for lot, worth in edges[need].items()}
        )
    for need in sorted(stream.needs - edges.keys()):
        stream.need_leaves(need)
    for lot in sorted(stream.lots - places.keys()):
        stream.lot_leaves(lot)
    arriving: dict[Key, dict[Key, int]] = {lot: {} for lot in places if lot not in stream.lots}
    for need in stream.needs & edges.keys():
        for lot, worth in edges[need].items():
            if lot in arriving:
                arriving[lot][need] = worth
    for lot, n_places in places.items():
        if lot in arriving:
            stream.lot_arrives(lot, arriving[lot], places=n_places)
        elif stream.places(lot) != n_places:
            stream.lot_changes(lot, places=n_places)
    for need, lots in edges.items():
        if need not in stream.needs:
            stream.need_arrives(need, lots)
        elif stream.edges(need) != lots:
            stream.need_changes(need, lots)
    stream.keep_together(before)
    return stream
