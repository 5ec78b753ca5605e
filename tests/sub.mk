# The guest's end of tests/vm/run.
GUEST_PROGS += vm-agent
vm-agent_SRCS := tests/vm/guest/agent.c
