#pragma once

#include <memory>

#include "vad/silero_network.h"

namespace offhook {

/// For processors with AVX2 and FMA. The weights have been checked.
std::unique_ptr<SileroNetwork> silero_for_avx2(const SileroWeights& weights);
/// For processors with AVX-512 (F, BW, DQ, VL).
std::unique_ptr<SileroNetwork> silero_for_avx512(const SileroWeights& weights);

}  // namespace offhook
