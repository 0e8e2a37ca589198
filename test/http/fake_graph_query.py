"""$filter, $expand, $select and the rest, as far as mail needs them. What is not understood here
is refused, never passed over."""
import re

CLAUSE = re.compile(r"(\w+)\s+(eq|ne|ge|gt|le|lt)\s+('(?:[^']|'')*'|[^\s']+)")
PROPERTY = re.compile(
    r"singleValueExtendedProperties/Any\(\s*(\w+)\s*:\s*\1/id\s+eq\s+'((?:[^']|'')*)'\s+and\s+"
    r"\1/value\s+eq\s+'((?:[^']|'')*)'\s*\)", re.IGNORECASE)
EXPANDED = re.compile(r"singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*(.*)\)")
ID = re.compile(r"id\s+eq\s+'((?:[^']|'')*)'")
COMPARE = {"eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "ge": lambda a, b: a >= b,
           "gt": lambda a, b: a > b, "le": lambda a, b: a <= b, "lt": lambda a, b: a < b}
FILTERED = ("internetMessageId", "conversationId", "isDraft", "isRead", "subject",
            "receivedDateTime", "sentDateTime", "createdDateTime", "parentFolderId",
            "hasAttachments")
KNOWN = ("$filter", "$select", "$expand", "$top", "$skip", "$orderby", "$count")


class NotUnderstood(Exception):
    def __init__(self, code, why):
        super().__init__(why)
        self.code = code


class Query:
    def __init__(self, given):
        """given: name to list of values."""
        for name in given:
            if name.startswith("$") and name not in KNOWN:
                raise NotUnderstood("BadRequest", f"the fake does not know {name}")
        one = {name: values[0] for name, values in given.items()}
        self.clauses, self.properties = parse_filter(one.get("$filter", ""))
        self.wanted_properties, self.has_attachments = parse_expand(one.get("$expand", ""))
        self.select = [name for name in one.get("$select", "").split(",") if name]
        self.order = one.get("$orderby", "").split()
        self.top, self.skip = number(one.get("$top", "10")), number(one.get("$skip", "0"))
        if not 1 <= self.top <= 1000:
            raise NotUnderstood("BadRequest", "$top")
        if self.order and self.clauses and self.clauses[0][0] != self.order[0]:
            raise NotUnderstood("InefficientFilter",
                                "the order is not that of the filter")

    def matches(self, item, shown):
        for name, compare, value in self.clauses:
            if not COMPARE[compare](literal(shown[name]), value):
                return False
        return all(item.property(name) == value for name, value in self.properties)

    def sorted(self, items, show):
        if not self.order:
            return items
        return sorted(items, key=lambda item: str(show(item).get(self.order[0])),
                      reverse=self.order[1:] == ["desc"])

    def shaped(self, item, shown):
        """What is selected of it, and what is expanded. internetMessageHeaders are shown only to
        whoever selects them."""
        if self.select:
            unknown = [name for name in self.select if name not in shown]
            if unknown:
                raise NotUnderstood("RequestBroker--ParseUri", f"no property {unknown[0]}")
        kept = {name: value for name, value in shown.items()
                if name in ("id", "@odata.etag") or name in self.select or
                not self.select and name != "internetMessageHeaders"}
        found = [{"id": name, "value": item.property(name)} for name in self.wanted_properties
                 if item.property(name) is not None]
        if found:
            kept["singleValueExtendedProperties"] = found
        if self.has_attachments:
            kept["attachments"] = [attachment.shown() for attachment in item.attachments]
        return kept


def parse_filter(text):
    """Clauses that all must hold: of fields, of extended properties."""
    clauses, properties, rest = [], [], text.strip()
    while rest:
        found = PROPERTY.match(rest)
        if found:
            properties.append((unquoted(found[2]), unquoted(found[3])))
        else:
            found = CLAUSE.match(rest)
            if not found or found[1] not in FILTERED:
                raise NotUnderstood("BadRequest", f"Invalid filter clause: {rest}")
            clauses.append((found[1], found[2], value_of(found[3])))
        rest = rest[found.end():].lstrip()
        if rest and not rest.startswith("and "):
            raise NotUnderstood("BadRequest", f"Invalid filter clause: {rest}")
        rest = rest.removeprefix("and ").lstrip()
    return clauses, properties


def parse_expand(text):
    """Extended properties by id, and whether attachments are wanted."""
    if not text:
        return [], False
    if text.strip() == "attachments":
        return [], True
    found = EXPANDED.fullmatch(text.strip())
    wanted = ID.findall(found[1]) if found else []
    if not found or re.sub(r"\s+or\s+", "", ID.sub("", found[1])).strip():
        raise NotUnderstood("BadRequest", f"$expand={text}")
    return [unquoted(name) for name in wanted], False


def value_of(text):
    return unquoted(text[1:-1]) if text.startswith("'") else text


def literal(value):
    """As a filter spells it."""
    return str(value).lower() if isinstance(value, bool) else value


def unquoted(text):
    return text.replace("''", "'")


def number(text):
    if not re.fullmatch("[0-9]{1,6}", text):
        raise NotUnderstood("BadRequest", text)
    return int(text)
