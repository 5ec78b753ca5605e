include $(filter-out tests/unit/sub.mk,$(sort $(wildcard tests/unit/*.mk)))
