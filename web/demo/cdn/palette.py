"""Colours for gardens. Imported by its URL; the page states the SHA-256 of these very bytes."""


class Palette:
    def __init__(self, name, sky, sun, hills, stem, heart, petals):
        self.name = name
        self.sky = sky
        self.sun = sun
        self.hills = hills
        self.stem = stem
        self.heart = heart
        self.petals = petals


PALETTES = [
    Palette("May morning", "#dceef2", "#fff3c4", ["#b9d8c2", "#93c29c", "#6fa97c"], "#2f6b46", "#f2b632",
            ["#ffffff", "#f7c6d4", "#e8708f", "#fbe28a", "#b9a3e3"]),
    Palette("August evening", "#f9d9b8", "#f2784b", ["#e3b27f", "#b99a63", "#8b8a52"], "#4b5a2a", "#7a3b1d",
            ["#fff2d6", "#f08a4b", "#d9483b", "#f6c445", "#a8446b"]),
    Palette("Night garden", "#26304f", "#f4efd8", ["#2f4463", "#2b5061", "#245a5a"], "#6fb39a", "#ffe08a",
            ["#f4f1ff", "#9db8ff", "#d6a2e8", "#7fe0d0", "#ffb3c1"]),
]


def choose(number):
    return PALETTES[number % len(PALETTES)]
