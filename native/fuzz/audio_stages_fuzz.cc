#include <array>
#include <vector>

#include "dsp/concealer.h"
#include "dsp/dtmf_detector.h"
#include "dsp/g711.h"
#include "dsp/half_band.h"
#include "dsp/resampler.h"
#include "dsp/tone_tracker.h"
#include "fuzz/byte_source.h"

/// Any bytes as G.711, in frames of any length, with any losses: every stage stays inside its buffers and gives what it should in length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  static constexpr std::array kRates{8000, 16'000, 22'050, 24'000, 32'000, 44'100, 48'000};
  fuzz::ByteSource source(data, size);
  Concealer concealer(source.number<std::uint8_t>() & 1 ? 8000 : 16'000);
  HalfBandUpsampler up;
  HalfBandDownsampler down;
  DtmfDetector keys;
  ToneTracker tones;
  Resampler resampler(kRates[source.number<std::uint8_t>() % kRates.size()], 16'000);
  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    const auto bytes = source.take(source.number<std::uint8_t>());
    std::vector<std::int16_t> frame(bytes.size());
    if (action & 1) ulaw_decode(bytes, frame.data());
    else alaw_decode(bytes, frame.data());
    if (action & 2) concealer.conceal(frame);
    else concealer.good(frame);
    std::vector<std::int16_t> wide(frame.size() * 2);
    up.process(frame, wide.data());
    keys.process(wide, [](const DtmfDetector::Press& press) { fuzz::require(press.duration_ms >= 20); });
    tones.process(wide, [](const ToneTracker::Sound& sound) { fuzz::require(sound.end_ms > sound.start_ms); });
    down.process(wide, wide.data());
    std::vector<std::uint8_t> codes(frame.size());
    ulaw_encode(std::span(wide).first(frame.size()), codes.data());
    alaw_encode(std::span(wide).first(frame.size()), codes.data());
    std::vector<std::int16_t> resampled;
    resampler.process(frame, resampled);
    fuzz::require(resampled.size() <= frame.size() * 2 + 1);
  }
  return 0;
}
