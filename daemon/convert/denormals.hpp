#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace mp3conv::convert {

/// While it lives, numbers too small for a float's normal form count as 0 in this thread: a fade to
/// silence would slow LAME's filters down many times over.
class NoDenormals {
public:
    NoDenormals() noexcept : before_{control()} { set_control(before_ | flush_to_zero); }
    ~NoDenormals() { set_control(before_); }
    NoDenormals(const NoDenormals &) = delete;
    NoDenormals &operator=(const NoDenormals &) = delete;

private:
#if defined(__SSE2__)
    using Control = unsigned;
    static constexpr Control flush_to_zero = 0x8040; // MXCSR: FZ for results, DAZ for operands
    static Control control() noexcept {
        return _mm_getcsr();
    }
    static void set_control(Control control) noexcept {
        _mm_setcsr(control);
    }
#elif defined(__aarch64__)
    using Control = uint64_t;
    static constexpr Control flush_to_zero = 1U << 24; // FPCR: FZ
    static Control control() noexcept {
        Control control = 0;
        asm volatile("mrs %0, fpcr" : "=r"(control));
        return control;
    }
    static void set_control(Control control) noexcept {
        asm volatile("msr fpcr, %0" : : "r"(control));
    }
#else
    using Control = unsigned;
    static constexpr Control flush_to_zero = 0;
    static Control control() noexcept {
        return 0;
    }
    static void set_control(Control) noexcept {}
#endif

    Control before_;
};

} // namespace mp3conv::convert
