"""Like Richards: tasks of several kinds that hand packets to each other, under a scheduler."""
from kinds import Device, Handler, Idle, Worker
from scheduler import Scheduler

total = 0
for _ in range(30):
    scheduler = Scheduler()
    scheduler.add(Idle(1, 0, 1500))
    scheduler.add(Worker(2, 1000, (3, 4)))
    scheduler.add(Handler(3, 2000, 5))
    scheduler.add(Handler(4, 2000, 6))
    scheduler.add(Device(5, 4000))
    scheduler.add(Device(6, 4000))
    scheduler.seed(2, 8)
    scheduler.run()
    total += scheduler.handed + scheduler.held
print(total, scheduler.handed, scheduler.held)
