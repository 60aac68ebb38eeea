"""What tasks hand to each other."""

DEVICE = 0
WORK = 1


class Packet:
    def __init__(self, sender, kind):
        self.sender = sender
        self.kind = kind
        self.count = 0
        self.data = [0] * 4


class Queue:
    def __init__(self):
        self.items = []

    def put(self, packet):
        self.items.append(packet)

    def take(self):
        return self.items.pop(0)

    def empty(self):
        return not self.items
