"""`abc`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: nothing of its own.
"""

from __future__ import annotations

from tests.unit.std.kit import printed, same_output


def test_as_cpython() -> None:
    same_output("""
        from abc import *
        class Shape(ABC):
            @property
            @abstractmethod
            def area(self): ...
            @abstractmethod
            def scale(self, by): return by * 2
            @staticmethod
            @abstractmethod
            def make(): ...
        class Square(Shape):
            area = 4
            def scale(self, by): return super().scale(by) + 1
            @staticmethod
            def make(): return Square()
        class Half(Shape):
            area = 2
        for kind in (Shape, Half):
            try: kind()
            except TypeError as error: print(error)
        print(Square.make().scale(2), isinstance(Square(), Shape), Half.scale.__isabstractmethod__)
        class Other: pass
        Shape.register(Other); print(issubclass(Other, Shape), isinstance(Other(), Shape), issubclass(int, Shape))
        Half.scale = lambda self, by: 1; Half.make = 1; print(update_abstractmethods(Half) is Half, Half().area)
        print(type(Shape) is ABCMeta, Shape, type(get_cache_token()).__name__)
        """)


def test_instances_are_recognised_after_a_class_is_gone() -> None:
    assert (
        printed("""
        from abc import ABC
        class A(ABC): pass
        print([isinstance(type("B", (A,), {})(), A) for _ in range(3)])
        """)
        == "[True, True, True]\n"
    )
