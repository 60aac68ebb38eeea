"""Who runs next: the task of the highest priority that can go on."""
import packets


class Scheduler:
    def __init__(self):
        self.tasks = {}
        self.order = []
        self.handed = 0
        self.held = 0
        self.running = True

    def add(self, task):
        task.scheduler = self
        self.tasks[task.number] = task
        self.order.append(task)
        self.order.sort(key=lambda one: -one.priority)

    def seed(self, number, count):
        for _ in range(count):
            self.tasks[number].inbox.put(packets.Packet(number, packets.WORK))

    def hand(self, number, packet):
        self.handed += 1
        self.tasks[number].inbox.put(packet)

    def hold(self, task):
        self.held += 1
        task.waits = True

    def release(self, number):
        self.tasks[number].waits = False

    def stop(self):
        self.running = False

    def run(self):
        while self.running:
            for task in self.order:
                if task.ready():
                    task.step()
                    break
