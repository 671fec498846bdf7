"""Where a segment stands in the masks: 62 a block, because with 64 bits SQLite silently makes a float."""

BITS = 62


def block_of(number: int) -> int:
    """Return the block of a segment's number.

    >>> block_of(1), block_of(62), block_of(63)
    (0, 0, 1)
    """
    return (number - 1) // BITS


def bit_of(number: int) -> int:
    """Return the bit of a segment's number, as the value to add to a mask.

    >>> bit_of(1), bit_of(62) == 2**61, bit_of(63)
    (1, True, 1)
    """
    return 1 << (number - 1) % BITS


def numbers_in(mask: int, block: int) -> list[int]:
    """Return the numbers of the segments whose bits are set.

    >>> numbers_in(0b101, 1)
    [63, 65]
    """
    numbers = []
    while mask:
        low = mask & -mask
        numbers.append(block * BITS + low.bit_length())
        mask ^= low
    return numbers
