/* Remembers which steps from block to block the native reader has ever taken: gcc's code calls this at the beginning of
   each block when it is compiled with -fsanitize-coverage=trace-pc. */

#include <stdint.h>

unsigned char edges[1 << 16];

void __sanitizer_cov_trace_pc(void)
{
    static uintptr_t before;
    uintptr_t here = (uintptr_t)__builtin_return_address(0);

    edges[(here ^ before) % sizeof edges] = 1;
    before = here >> 1;
}
