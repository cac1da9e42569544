#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

#include "vad/silero_variants.h"

// From here on, and never run where the processor lacks it. What is included above stays as it is elsewhere.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")
#endif

namespace offhook {

namespace {

typedef float Part __attribute__((vector_size(64)));
constexpr std::size_t kRowsAtOnce = 16;
Part square_root(Part x) noexcept { return _mm512_maskz_sqrt_ps(0xFFFF, x); }

#include "vad/silero_kernel.h"

}  // namespace

std::unique_ptr<SileroNetwork> silero_for_avx512(const SileroWeights& weights) { return std::make_unique<Network>(weights); }

}  // namespace offhook

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
