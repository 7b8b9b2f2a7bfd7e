"""Small drawings of pages, which stand for screenshots in samples."""

import struct
import zlib


def page_picture(shade: int) -> bytes:
    """A small drawing of a groupware page, uncompressed, so that its bytes do not depend on a version of zlib."""
    width, height = 160, 100
    rows = []
    for y in range(height):
        pixels = [_pixel(x * 2, y * 2, shade) for x in range(width)]
        packed = bytes(
            pixels[i] << 6 | pixels[i + 1] << 4 | pixels[i + 2] << 2 | pixels[i + 3] for i in range(0, width, 4)
        )
        rows.append(b"\0" + packed)
    palette = bytes([250, 251, 252, 66, 104, 134, 201, 210, 219, 226, 148, 60])
    header = struct.pack(">IIBBBBB", width, height, 2, 3, 0, 0, 0)
    data = _stored(b"".join(rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", palette)
        + _chunk(b"IDAT", data)
        + _chunk(b"IEND", b"")
    )


def _pixel(x: int, y: int, shade: int) -> int:
    if y < 24:
        return 1
    if x < 70:
        return 2 if y % 18 < 6 and 8 < x < 60 and y > 32 else 0
    if 40 < y < 190 and x < 312:
        day = (x - 76) // 34
        if (x - 76) % 34 == 0 or y % 30 == 0:
            return 2
        if (day + y // 30) % 4 == shade % 4 and 4 < (x - 76) % 34 < 30 and 4 < y % 30 < 16:
            return 3 if day == shade % 7 else 1
    return 0


def _stored(content: bytes) -> bytes:
    block = struct.pack("<BHH", 1, len(content), len(content) ^ 0xFFFF) + content
    return b"\x78\x01" + block + struct.pack(">I", zlib.adler32(content))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
