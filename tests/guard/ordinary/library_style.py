"""What a library author writes: a validation library with fields, errors, schemas and nested models."""
from functools import wraps


class ValidationError(Exception):
    def __init__(self, errors):
        self.errors = errors
        super().__init__("; ".join(f"{'.'.join(map(str, path))}: {text}" for path, text in errors))


class Field:
    counter = 0
    kind = object

    def __init__(self, *, default=..., check=None, help=""):
        self.default, self.check, self.help = default, check, help
        Field.counter += 1
        self.order = Field.counter

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance._values.get(self.name)

    def __set__(self, instance, value):
        instance._values[self.name] = self.clean(value)

    @property
    def required(self):
        return self.default is ...

    def clean(self, value):
        try:
            value = self.convert(value)
        except (TypeError, ValueError) as e:
            raise ValidationError([((), f"not a {type(self).__name__.lower()}: {e}")]) from e
        if self.check is not None and not self.check(value):
            raise ValidationError([((), f"{value!r} is not allowed")])
        return value

    def convert(self, value):
        return self.kind(value)

    def __repr__(self):
        return f"<{type(self).__name__} {getattr(self, 'name', '?')}>"


class Int(Field):
    kind = int


class Text(Field):
    kind = str

    def __init__(self, *, most=None, **kw):
        super().__init__(**kw)
        self.most = most

    def convert(self, value):
        if not isinstance(value, str):
            raise TypeError(f"got {type(value).__name__}")
        if self.most is not None and len(value) > self.most:
            raise ValueError(f"longer than {self.most}")
        return value.strip()


class ListOf(Field):
    def __init__(self, inner, **kw):
        super().__init__(**kw)
        self.inner = inner

    def convert(self, value):
        out, errors = [], []
        for i, item in enumerate(value):
            try:
                out.append(self.inner.clean(item))
            except ValidationError as e:
                errors += [((i, *path), text) for path, text in e.errors]
        if errors:
            raise ValidationError(errors)
        return out


class Nested(Field):
    def __init__(self, model, **kw):
        super().__init__(**kw)
        self.model = model

    def convert(self, value):
        return value if isinstance(value, self.model) else self.model(**value)


class Model:
    fields = {}

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        own = {k: v for k, v in vars(cls).items() if isinstance(v, Field)}
        cls.fields = dict(sorted({**cls.fields, **own}.items(), key=lambda kv: kv[1].order))

    def __init__(self, **given):
        self._values, errors = {}, []
        for name, field in self.fields.items():
            if name not in given and field.required:
                errors.append(((name,), "required"))
                continue
            try:
                setattr(self, name, given.pop(name, field.default))
            except ValidationError as e:
                given.pop(name, None)
                errors += [((name, *path), text) for path, text in e.errors]
        errors += [((name,), "unknown") for name in given]
        if errors:
            raise ValidationError(errors)
        self.validate()

    def validate(self):
        """For subclasses."""

    def dump(self):
        def plain(v):
            return v.dump() if isinstance(v, Model) else [plain(i) for i in v] if isinstance(v, list) else v

        return {k: plain(getattr(self, k)) for k in self.fields}

    def __eq__(self, other):
        return type(self) is type(other) and self._values == other._values

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self._values.items())})"


class Address(Model):
    city = Text(most=8)
    zip = Int(check=lambda z: 1000 <= z <= 99999)


class Person(Model):
    name = Text()
    age = Int(default=0, check=lambda a: a >= 0)
    home = Nested(Address)
    tags = ListOf(Text(most=3), default=())

    def validate(self):
        if self.name == self.home.city:
            raise ValidationError([(("name",), "same as city")])


class Worker(Person):
    job = Text(default="none")


GOOD = {"name": " Ann ", "age": "41", "home": {"city": "Ulm", "zip": 89073}, "tags": ["a", "b "]}
p = Person(**GOOD)
print(p, p.dump(), p == Person(**p.dump()), Person.fields, list(Worker.fields), Person.name, Worker(**GOOD).job)
for change in ({"age": -1}, {"age": "x"}, {"name": 5}, {"home": {"city": "Very long name", "zip": 1}}, {"tags": ["ok", "long", 7]}, {"home": 5}, {"colour": 1}, {"name": "Ulm"}, {"tags": 5}):
    try:
        print(Person(**GOOD | change))
    except ValidationError as e:
        print(change, "|", e, "|", len(e.errors), type(e.__cause__).__name__)
    except Exception as e:
        print(change, "!", type(e).__name__, e)
try:
    Person()
except ValidationError as e:
    print(e)
try:
    p.age = "old"
except ValidationError as e:
    print(e, p.age)


def typed(f):
    @wraps(f)
    def wrapper(*args, **kw):
        names = [n for n in f.__annotations__ if n != "return"]
        for name, value in {**dict(zip(names, args)), **kw}.items():
            want = f.__annotations__[name]
            if not isinstance(value, want):
                raise TypeError(f"{f.__name__}() wants {name} as {want.__name__}, got {type(value).__name__}")
        return f(*args, **kw)

    return wrapper


@typed
def area(w: int, h: int = 1) -> int:
    return w * h


print(area(2, h=3), area(4))
try:
    area("2")
except TypeError as e:
    print(e)
