# since 3.14
"""Template strings: interpolations, a safe HTML renderer, a lazy logger."""
def html(template):
    out = []
    for part in template:
        match part:
            case str():
                out.append(part)
            case _:
                text = format(repr(part.value) if part.conversion == "r" else part.value, part.format_spec)
                out.append(text.replace("&", "&amp;").replace("<", "&lt;"))
    return "".join(out)


name, n = "<Ann & Bob>", 3
t = t"Hello {name}, you have {n:>4} and {n!r}"
print(html(t), t.strings, t.values, [i.expression for i in t.interpolations], type(t).__name__, isinstance(t, type(t"")))
print([(i.value, i.conversion, i.format_spec) for i in t.interpolations], html(t"plain"), html(t"{n + 1}{n * 2}"), len(list(t"")))
u = t"a" + t"{n}"
print(html(u), u.strings, [type(p).__name__ for p in u], html(t"{name.upper()} {len(name)} {[i for i in range(n)]}"))
for bad in (lambda: t"a" + "b", lambda: t"{missing}", lambda: t.nope, lambda: t"{1 / 0}"):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e)[:60])
try:
    1 / 0
except ValueError, ZeroDivisionError:
    print("without brackets")
