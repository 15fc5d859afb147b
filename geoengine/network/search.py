"""Shortest times over a street network: arrays in, deciseconds out, the same for any threads."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

UNREACHED = 2**31 - 1
"""Time of what cannot be reached; seen only inside the network, never in a table."""

# Queues are buckets 64 ds wide in a ring; a bucket is worked until it is empty, and a node that a
# better time is found for meanwhile simply enters it again. A search for one time a node chains
# the nodes of a bucket to each other: `after` and `before` each node, with `_FIRST` before the
# first of a bucket, and `_OUT` before a node that is in none.
_WIDTH_BITS = 6
_FIRST, _OUT = -1, -2


@njit("int64(int32[:, ::1], int32[::1], int64)", cache=True, nogil=True)
def bucket_count(arc: IntArray, seed_ds: IntArray, limit: int) -> int:
    """Return a power of two of buckets that the longest step cannot go round."""
    longest = 0
    for a in range(len(arc)):
        longest = max(longest, arc[a, 1])
    for s in range(len(seed_ds)):
        if seed_ds[s] <= limit:
            longest = max(longest, seed_ds[s])
    longest = min(longest, limit)
    count = 2
    while count < (longest >> _WIDTH_BITS) + 2:
        count *= 2
    return count


@njit(inline="always")
def _enter(
    bucket: IntArray, after: IntArray, before: IntArray, node: int, old: int, new: int
) -> int:
    """Put a node into the bucket of a time, out of that of its old one; return the nodes gained."""
    gained = 1
    if before[node] != _OUT:
        if old >> _WIDTH_BITS == new >> _WIDTH_BITS:
            return 0
        behind, ahead = before[node], after[node]
        if behind == _FIRST:
            bucket[(old >> _WIDTH_BITS) & (len(bucket) - 1)] = ahead
        else:
            after[behind] = ahead
        if ahead >= 0:
            before[ahead] = behind
        gained = 0
    at = (new >> _WIDTH_BITS) & (len(bucket) - 1)
    ahead = bucket[at]
    after[node], before[node] = ahead, _FIRST
    if ahead >= 0:
        before[ahead] = node
    bucket[at] = node
    return gained


@njit(inline="always")
def _take(bucket: IntArray, after: IntArray, before: IntArray, at: int) -> int:
    """Take the first node out of a bucket."""
    node: int = bucket[at]
    ahead = after[node]
    bucket[at] = ahead
    if ahead >= 0:
        before[ahead] = _FIRST
    before[node] = _OUT
    return node


@njit(cache=True, nogil=True)
def larger(rows: IntArray) -> IntArray:
    """Return rows with room for as many more."""
    return np.concatenate((rows, np.empty_like(rows)))


@njit(inline="always")
def _push(
    pool: IntArray, bucket: IntArray, free: int, made: int, node: int, time: int, label: int
) -> tuple[int, int]:
    """Put a row into its bucket; return the next free row (-1: none) and the rows made."""
    row, next_free, next_made = free, -1, made
    if free >= 0:
        next_free = pool[free, 3]
    else:
        row = made
        next_made = made + 1
    at = (time >> _WIDTH_BITS) & (len(bucket) - 1)
    pool[row, 0], pool[row, 1], pool[row, 2], pool[row, 3] = node, time, label, bucket[at]
    bucket[at] = row
    return next_free, next_made


@njit(
    "Tuple((int32[::1], int32[::1]))"
    "(int64[::1], int32[:, ::1], int32[::1], int32[::1], int32[::1], int64)",
    cache=True,
    nogil=True,
)
def nearest(
    first: LongArray, arc: IntArray, seed_node: IntArray, seed_ds: IntArray,
    seed_label: IntArray, limit_ds: int,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """
    Find each node's shortest time to a seed, and which seed's label that is.

    Parameters
    ----------
    first, arc
        Arcs to search along: `in_first, in_arc` for times *to* the seeds, `out_first, out_arc`
        for times *from* them.
    seed_node, seed_ds, seed_label
        Where the search starts, with the deciseconds already spent, shape (seeds,).
    limit_ds
        Longest time, deciseconds, inclusive.

    Returns
    -------
    time_ds, label
        Shape (nodes,); `UNREACHED` and -1 where no seed is within the limit. Of labels equally
        near, the smallest.

    References
    ----------
    Cherkassky, B. V., Goldberg, A. V. & Radzik, T. (1996) Shortest paths algorithms: theory and
    experimental evaluation. Mathematical Programming 73, 129-174 (approximate buckets).
    """
    nodes = len(first) - 1
    time = np.full(nodes, UNREACHED, np.int32)
    label = np.full(nodes, -1, np.int32)
    after, before = np.empty(nodes, np.int32), np.full(nodes, _OUT, np.int32)
    bucket = np.full(bucket_count(arc, seed_ds, limit_ds), -1, np.int32)
    alive, now = 0, 0
    for s in range(len(seed_node)):
        n, t, k = seed_node[s], seed_ds[s], seed_label[s]
        if t > limit_ds or t > time[n] or (t == time[n] and k >= label[n]):
            continue
        alive += _enter(bucket, after, before, n, time[n], t)
        time[n], label[n] = t, k
    while alive > 0:
        at = now & (len(bucket) - 1)
        while bucket[at] >= 0:
            n = _take(bucket, after, before, at)
            alive -= 1
            t, k = time[n], label[n]
            for a in range(first[n], first[n + 1]):
                m, reach = arc[a, 0], t + arc[a, 1]
                if reach > limit_ds or reach > time[m] or (reach == time[m] and k >= label[m]):
                    continue
                alive += _enter(bucket, after, before, m, time[m], reach)
                time[m], label[m] = reach, k
        now += 1
    return time, label


@njit("boolean(int32[::1], int32[::1], int64, int64)", cache=True, nogil=True)
def keep_best(times: IntArray, labels: IntArray, time: int, label: int) -> bool:
    """Enter a label's time among the best, kept in order; say whether that changed anything."""
    k = len(times)
    at = k - 1
    for i in range(k):
        if labels[i] == label:
            at = i
            break
    if labels[at] == label and times[at] <= time:
        return False
    if labels[at] != label:
        if times[at] < time or (times[at] == time and labels[at] >= 0 and labels[at] < label):
            return False
        if time == UNREACHED:
            return False
    while at > 0 and (times[at - 1] > time or (times[at - 1] == time and labels[at - 1] > label)):
        times[at], labels[at] = times[at - 1], labels[at - 1]
        at -= 1
    times[at], labels[at] = time, label
    return True


@njit(
    "Tuple((int32[:, ::1], int32[:, ::1]))"
    "(int64[::1], int32[:, ::1], int32[::1], int32[::1], int32[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def nearest_k(
    first: LongArray, arc: IntArray, seed_node: IntArray, seed_ds: IntArray,
    seed_label: IntArray, k: int, limit_ds: int,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """
    Find each node's k nearest seeds of different labels.

    Parameters
    ----------
    first, arc, seed_node, seed_ds, seed_label, limit_ds
        As for `nearest`.
    k
        How many to find.

    Returns
    -------
    time_ds, label
        Shape (nodes, k), the nearest first, of equally near ones the smallest label;
        `UNREACHED` and -1 where fewer than k are within the limit.
    """
    nodes = len(first) - 1
    time = np.full((nodes, k), UNREACHED, np.int32)
    label = np.full((nodes, k), -1, np.int32)
    latest = -1
    for s in range(len(seed_node)):
        if seed_ds[s] <= limit_ds:
            latest = max(latest, seed_ds[s] >> _WIDTH_BITS)
    waiting, behind = np.full(latest + 1, -1, np.int32), np.empty(len(seed_node), np.int32)
    for s in range(len(seed_node)):
        if seed_ds[s] <= limit_ds:
            at = seed_ds[s] >> _WIDTH_BITS
            behind[s], waiting[at] = waiting[at], s
    bucket = np.full(bucket_count(arc, seed_ds[:0], limit_ds), -1, np.int32)
    pool = np.empty((max(1024, nodes), 4), np.int32)
    free, made, alive, now = -1, 0, 0, 0
    while alive > 0 or now <= latest:
        s = waiting[now] if now <= latest else -1
        while s >= 0:
            n, t, who = seed_node[s], seed_ds[s], seed_label[s]
            s = behind[s]
            if keep_best(time[n], label[n], t, who):
                if free < 0 and made == len(pool):
                    pool = larger(pool)
                free, made = _push(pool, bucket, free, made, n, t, who)
                alive += 1
        row = bucket[now & (len(bucket) - 1)]
        while row >= 0:
            n, t, who = pool[row, 0], pool[row, 1], pool[row, 2]
            bucket[now & (len(bucket) - 1)] = pool[row, 3]
            pool[row, 3], free = free, row
            alive -= 1
            fresh = False
            for i in range(k):
                fresh = fresh or (label[n, i] == who and time[n, i] == t)
            if fresh:
                for a in range(first[n], first[n + 1]):
                    m, reach = arc[a, 0], t + arc[a, 1]
                    if reach <= limit_ds and keep_best(time[m], label[m], reach, who):
                        if free < 0 and made == len(pool):
                            pool = larger(pool)
                        free, made = _push(pool, bucket, free, made, m, reach, who)
                        alive += 1
            row = bucket[now & (len(bucket) - 1)]
        now += 1
    return time, label


@njit(
    "int64(int64[::1], int32[:, ::1], int32[::1], int32[::1], int64,"
    " int32[::1], int32[::1], int32[:, ::1])",
    cache=True,
    nogil=True,
)
def settle(
    first: LongArray, arc: IntArray, seed_node: IntArray, seed_ds: IntArray, limit_ds: int,
    time: IntArray, bucket: IntArray, pool: IntArray,
) -> int:  # fmt: skip
    """
    Search from one source; return how many rows of the pool were filled, -1 if it is too small.

    Each row holds a node touched, a time of it, and the next row of its bucket. A node may fill
    several; those whose time is the node's and within the limit name each node reached once.
    Whether a step betters a time is as good as random, so rows are written either way, and only
    kept if it does: no branch to guess.
    """
    mask, last = len(bucket) - 1, limit_ds >> _WIDTH_BITS
    made, taken, now, room = 0, 0, 0, len(seed_node) <= len(pool)
    for i in range(len(seed_node) if room else 0):
        n, t = seed_node[i], seed_ds[i]
        if t > limit_ds or t >= time[n]:
            continue
        at = (t >> _WIDTH_BITS) & mask
        time[n] = t
        pool[made, 0], pool[made, 1], pool[made, 2] = n, t, bucket[at]
        bucket[at] = made
        made += 1
    while taken < made and now <= last:
        here = now & mask
        row = bucket[here]
        while row >= 0:
            n, t = pool[row, 0], pool[row, 1]
            if made + first[n + 1] - first[n] > len(pool):
                room, now = False, last
                break
            bucket[here] = pool[row, 2]
            taken += 1
            if t == time[n] and t <= limit_ds:
                for a in range(first[n], first[n + 1]):
                    m, reach = arc[a, 0], t + arc[a, 1]
                    old = time[m]
                    better = reach < old
                    at = (reach >> _WIDTH_BITS) & mask
                    ahead = bucket[at]
                    time[m] = min(reach, old)
                    pool[made, 0], pool[made, 1], pool[made, 2] = m, reach, ahead
                    bucket[at] = made if better else ahead
                    made += better
            row = bucket[here]
        now += 1
    bucket[:] = -1
    if not room:
        for i in range(made):
            time[pool[i, 0]] = UNREACHED
    return made if room else -1


@njit(
    "Tuple((int64[::1], int32[::1], int32[::1]))"
    "(int64[::1], int32[:, ::1], int64[::1], int32[::1], int32[::1], int64)",
    cache=True,
    nogil=True,
)
def nodes_of_each(
    first: LongArray, arc: IntArray, seed_first: LongArray, seed_node: IntArray,
    seed_ds: IntArray, limit_ds: int,
) -> tuple[LongArray, IntArray, IntArray]:  # fmt: skip
    """
    Find every node within the limit of each source, one bounded search a source.

    Parameters
    ----------
    first, arc, seed_first, seed_node, seed_ds, limit_ds
        As for `many_to_many`.

    Returns
    -------
    first_found, node, time_ds
        Nodes of source s are `first_found[s]` to `first_found[s + 1]`, in no order.
    """
    nodes, sources = len(first) - 1, len(seed_first) - 1
    time = np.full(nodes, UNREACHED, np.int32)
    bucket = np.full(bucket_count(arc, seed_ds, limit_ds), -1, np.int32)
    pool = np.empty((1024, 4), np.int32)
    first_found = np.zeros(sources + 1, np.int64)
    node, node_ds, found = np.empty(1024, np.int32), np.empty(1024, np.int32), 0
    for s in range(sources):
        seeds = slice(seed_first[s], seed_first[s + 1])
        given = first, arc, seed_node[seeds], seed_ds[seeds], limit_ds, time, bucket
        made = settle(*given, pool)
        while made < 0:
            pool = larger(pool)
            made = settle(*given, pool)
        while found + made > len(node):
            node = np.concatenate((node, np.empty_like(node)))
            node_ds = np.concatenate((node_ds, np.empty_like(node_ds)))
        for i in range(made):
            n, t = pool[i, 0], pool[i, 1]
            if t == time[n]:
                time[n] = UNREACHED
                node[found], node_ds[found] = n, t
                found += t <= limit_ds
        first_found[s + 1] = found
    return first_found, node[:found].copy(), node_ds[:found].copy()


@njit(
    "Tuple((int64[::1], int32[::1], int32[::1]))"
    "(int64[::1], int32[:, ::1], int64[::1], int32[::1], int32[::1],"
    " int64[::1], int32[::1], int32[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def many_to_many(
    first: LongArray, arc: IntArray, seed_first: LongArray, seed_node: IntArray,
    seed_ds: IntArray, target_first: LongArray, target: IntArray, target_ds: IntArray,
    targets: int, limit_ds: int,
) -> tuple[LongArray, IntArray, IntArray]:  # fmt: skip
    """
    Find every target within the limit of each source, one bounded search a source.

    Parameters
    ----------
    first, arc
        Arcs to search along, as for `nearest`.
    seed_first, seed_node, seed_ds
        Source s starts at `seed_node[seed_first[s]:seed_first[s + 1]]`.
    target_first, target, target_ds
        Targets that hang on node n: `target[target_first[n]:target_first[n + 1]]`, with the
        deciseconds between node and target.
    targets
        How many targets there are.
    limit_ds
        Longest time, deciseconds, inclusive.

    Returns
    -------
    first_pair, target, time_ds
        Pairs of source s are `first_pair[s]` to `first_pair[s + 1]`, in no order.
    """
    nodes, sources = len(first) - 1, len(seed_first) - 1
    time = np.full(nodes, UNREACHED, np.int32)
    best = np.full(targets, UNREACHED, np.int32)
    found = np.empty(targets, np.int32)
    bucket = np.full(bucket_count(arc, seed_ds, limit_ds), -1, np.int32)
    pool = np.empty((1024, 4), np.int32)
    first_pair = np.zeros(sources + 1, np.int64)
    pair_target = np.empty(1024, np.int32)
    pair_ds = np.empty(1024, np.int32)
    pairs = 0
    for s in range(sources):
        seeds = slice(seed_first[s], seed_first[s + 1])
        given = first, arc, seed_node[seeds], seed_ds[seeds], limit_ds, time, bucket
        made = settle(*given, pool)
        while made < 0:
            pool = larger(pool)
            made = settle(*given, pool)
        hits = 0
        for i in range(made):
            n, t = pool[i, 0], pool[i, 1]
            if t != time[n]:
                continue
            time[n] = UNREACHED
            for j in range(target_first[n], target_first[n + 1]):
                reach = t + target_ds[j]
                if reach > limit_ds or reach >= best[target[j]]:
                    continue
                if best[target[j]] == UNREACHED:
                    found[hits] = target[j]
                    hits += 1
                best[target[j]] = reach
        while pairs + hits > len(pair_target):
            pair_target = np.concatenate((pair_target, np.empty_like(pair_target)))
            pair_ds = np.concatenate((pair_ds, np.empty_like(pair_ds)))
        for i in range(hits):
            pair_target[pairs] = found[i]
            pair_ds[pairs] = best[found[i]]
            best[found[i]] = UNREACHED
            pairs += 1
        first_pair[s + 1] = pairs
    return first_pair, pair_target[:pairs].copy(), pair_ds[:pairs].copy()
