/* Kernel headers of driver/channel.c; tests/unit/vccw_user.h stands in for them. */
