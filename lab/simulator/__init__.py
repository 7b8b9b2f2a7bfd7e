"""A simulated lab behind real sockets: two Hyper-V hosts, Arcserve RHA and Garoon, on a clock that jumps."""
