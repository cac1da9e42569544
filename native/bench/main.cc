#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/opus_bench.h"
#include "bench/stopwatch.h"
#include "dsp/concealer.h"
#include "dsp/g711.h"
#include "dsp/half_band.h"
#include "dsp/resampler.h"
#include "dsp/tone.h"
#include "record/sample_ring.h"
#include "rtp/packet.h"
#include "rtp/receiver_stats.h"
#include "rtp/reorder_buffer.h"
#include "rtp/sequence.h"
#include "rtp/telephone_event.h"

namespace offhook::bench {
namespace {

void run_dsp() {
  const std::vector<std::int16_t> narrow = buzz(8000, 160);
  const std::vector<std::int16_t> wide = buzz(16'000, 320);
  std::vector<std::uint8_t> codes(160);
  std::vector<std::int16_t> out(640);
  ulaw_encode(narrow, codes.data());

  measure("g711 decode", [&] { ulaw_decode(codes, out.data()); keep(out); });
  measure("g711 encode", [&] { ulaw_encode(narrow, codes.data()); keep(codes); });
  HalfBandUpsampler up;
  measure("half-band 8 -> 16 kHz", [&] { up.process(narrow, out.data()); keep(out); });
  HalfBandDownsampler down;
  measure("half-band 16 -> 8 kHz", [&] { down.process(wide, out.data()); keep(out); });
  Tone tone(440, 16'000, 8000);
  measure("tone 16 kHz", [&] { tone.next(std::span(out).first(320)); keep(out); });
  Concealer concealer(8000);
  std::vector<std::int16_t> frame = narrow;
  measure("concealer, frame good", [&] { concealer.good(frame); keep(frame); });
  measure("concealer, frame lost, then good", [&] {
    concealer.conceal(std::span(out).first(160));
    std::copy(narrow.begin(), narrow.end(), frame.begin());
    concealer.good(frame);
    keep(out);
  });
  for (const int rate : {22'050, 24'000, 48'000}) {
    Resampler resampler(rate, 16'000);
    const std::vector<std::int16_t> in = buzz(rate, static_cast<std::size_t>(rate) / 50);
    std::vector<std::int16_t> resampled;
    measure(("resample " + std::to_string(rate) + " -> 16000").c_str(), [&] {
      resampled.clear();
      resampler.process(in, resampled);
      keep(resampled);
    });
  }
}

void run_rtp() {
  std::vector<std::uint8_t> datagram(172);
  std::uint16_t sequence = 0;
  measure("rtp header written and parsed", [&] {
    static_cast<void>(write_rtp_header(datagram, {.payload_type = 0, .marker = false, .sequence = sequence++, .timestamp = 0, .ssrc = 1}));
    const auto view = parse_rtp(datagram);
    keep(view);
  });
  const auto buffer = std::make_unique<ReorderBuffer>();
  SequenceUnwrapper unwrapper;
  ReceiverStats stats(8000);
  std::int64_t now_ns = 0;
  measure("reorder buffer and statistics", [&] {
    now_ns += 20'000'000;
    const std::int64_t extended = unwrapper.unwrap(sequence++);
    stats.on_packet(extended, static_cast<std::uint32_t>(extended * 160), now_ns);
    buffer->insert(extended, static_cast<std::uint32_t>(extended * 160), std::span(datagram).subspan(12), now_ns);
    const auto popped = buffer->pop(now_ns);
    keep(popped);
  });
  TelephoneEventReceiver receiver;
  const std::vector<std::uint8_t> press{5, 0x8A, 3, 0x20};
  std::uint32_t timestamp = 0;
  measure("telephone-event", [&] {
    const auto digit = receiver.on_packet(timestamp += 400, press, 0);
    keep(digit);
  });
}

void run_record() {
  SampleRing ring(32'768);
  const std::vector<std::int16_t> frame = buzz(16'000, 320);
  std::int64_t position = 0;
  measure("recorder, one side handed over and taken", [&] {
    ring.push(position, frame);
    position += 320;
    ring.drain([&](std::int64_t, std::span<const std::int16_t> piece) { keep(piece); });
  });
}

}  // namespace
}  // namespace offhook::bench

int main() {
  std::printf("%-44s %10s %10s\n", "ns per 20 ms frame, one thread", "median", "p99");
  offhook::bench::run_dsp();
  if (offhook::bench::run_opus != nullptr) offhook::bench::run_opus();
  offhook::bench::run_rtp();
  offhook::bench::run_record();
  return 0;
}
