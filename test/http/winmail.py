"""Writes winmail.dat as Outlook does ([MS-OXTNEF])."""
import struct

MESSAGE, FILE = 1, 2
CODE_PAGE, BODY, MESSAGE_CLASS, MESSAGE_PROPERTIES = 0x69007, 0x2800C, 0x78008, 0x69003
FILE_BEGINS, TITLE, CONTENT, FILE_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
LONG_NAME, MEDIA_TYPE, CONTENT_ID, HTML, RICH_TEXT, DATA = 0x3707, 0x370E, 0x3712, 0x1013, 0x1009, 0x3701
UNICODE, BINARY, OBJECT = 0x1F, 0x102, 0x0D
MESSAGE_INTERFACE = bytes.fromhex("0703020000000000c000000000000046")


def attribute(level, number, data):
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(*given):
    """(type, id, value), with text for UNICODE."""
    out = struct.pack("<I", len(given))
    for kind, number, value in given:
        data = (value + "\0").encode("utf-16-le") if kind == UNICODE else value
        out += struct.pack("<HHII", kind, number, 1, len(data)) + data + b"\0" * (-len(data) % 4)
    return out


def file(title, content, *more):
    """title: bytes, in the code page."""
    parts = [attribute(FILE, FILE_BEGINS, struct.pack("<HIHHI", 1, 0, 0, 0, 0)),
             attribute(FILE, TITLE, title + b"\0"), attribute(FILE, CONTENT, content)]
    if more:
        parts.append(attribute(FILE, FILE_PROPERTIES, properties(*more)))
    return b"".join(parts)


def message(*more, files=(), code_page=1252, kind=b"IPM.Microsoft Mail.Note\0"):
    return b"".join([struct.pack("<IH", 0x223E9F78, 1),
                     attribute(MESSAGE, CODE_PAGE, struct.pack("<II", code_page, 0)),
                     attribute(MESSAGE, MESSAGE_CLASS, kind), *more, *files])


def body(text):
    return attribute(MESSAGE, BODY, text + b"\0")


def message_properties(*given):
    return attribute(MESSAGE, MESSAGE_PROPERTIES, properties(*given))
