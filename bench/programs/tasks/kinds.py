"""The kinds of tasks."""
import packets
from packets import Queue


class Task:
    def __init__(self, number, priority):
        self.number = number
        self.priority = priority
        self.inbox = Queue()
        self.waits = False
        self.scheduler = None

    def ready(self):
        return not self.waits and not self.inbox.empty()

    def step(self):
        self.handle(self.inbox.take())


class Idle(Task):
    def __init__(self, number, priority, turns):
        Task.__init__(self, number, priority)
        self.turns = turns
        self.control = 1

    def ready(self):
        return True

    def step(self):
        self.turns -= 1
        if self.turns == 0:
            self.scheduler.stop()
        elif self.control & 1:
            self.control = self.control // 2 ^ 0xD008
            self.scheduler.release(6)
        else:
            self.control //= 2
            self.scheduler.release(5)


class Worker(Task):
    def __init__(self, number, priority, handlers):
        super().__init__(number, priority)
        self.handlers = handlers
        self.turn = 0
        self.letter = 0

    def handle(self, packet):
        self.turn = 1 - self.turn
        packet.kind = packets.DEVICE if packet.kind == packets.WORK and self.turn else packets.WORK
        for at in range(len(packet.data)):
            self.letter = self.letter % 26 + 1
            packet.data[at] = self.letter + 64
        packet.sender = self.number
        self.scheduler.hand(self.handlers[self.turn], packet)


class Handler(Task):
    def __init__(self, number, priority, device):
        super().__init__(number, priority)
        self.device = device

    def handle(self, packet):
        if packet.count < len(packet.data):
            packet.data[packet.count] += 1
            packet.count += 1
            self.scheduler.hand(self.device, packet)
        else:
            packet.count = 0
            self.scheduler.hand(packet.sender, packet)


class Device(Task):
    def handle(self, packet):
        self.scheduler.hand(3 if self.number == 5 else 4, packet)
        self.scheduler.hold(self)
