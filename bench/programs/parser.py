"""A reader and a writer of JSON, by hand."""


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at] in " \n\t":
            self.at += 1

    def value(self):
        self.skip()
        letter = self.text[self.at]
        if letter == "{":
            return self.mapping()
        if letter == "[":
            return self.sequence()
        if letter == '"':
            return self.string()
        if self.text.startswith("true", self.at):
            self.at += 4
            return True
        if self.text.startswith("null", self.at):
            self.at += 4
            return None
        return self.number()

    def mapping(self):
        found = {}
        self.at += 1
        while True:
            self.skip()
            if self.text[self.at] == "}":
                self.at += 1
                return found
            key = self.string()
            self.skip()
            self.at += 1
            found[key] = self.value()
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1

    def sequence(self):
        found = []
        self.at += 1
        while True:
            self.skip()
            if self.text[self.at] == "]":
                self.at += 1
                return found
            found.append(self.value())
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1

    def string(self):
        end = self.text.index('"', self.at + 1)
        found = self.text[self.at + 1 : end]
        self.at = end + 1
        return found

    def number(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "-0123456789":
            self.at += 1
        return int(self.text[start : self.at])


def written(value):
    if isinstance(value, dict):
        return "{" + ", ".join(['"%s": %s' % (key, written(one)) for key, one in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([written(one) for one in value]) + "]"
    if isinstance(value, str):
        return '"' + value + '"'
    if value is None:
        return "null"
    if value is True:
        return "true"
    return str(value)


record = '{"name": "thing", "tags": ["a", "bc", "def"], "size": [10, -20, 30], "deep": {"yes": true, "no": null, "n": 12345}}'
text = "[" + ", ".join([record] * 3000) + "]"
for _ in range(2):
    value = Reader(text).value()
    text = written(value)
print(len(value), len(text), value[-1]["deep"]["n"], text[:120])
