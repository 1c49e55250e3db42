"""Protobuf by hand, for what no library would write."""


def wire(number: int, value: bytes) -> bytes:
    """Return a field that has a length."""
    length, prefix = len(value), bytearray([number << 3 | 2])
    while length > 127:
        prefix.append(length & 127 | 128)
        length >>= 7
    return bytes(prefix) + bytes([length]) + value
