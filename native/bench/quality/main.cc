#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>

#include "dsp/half_band.h"
#include "bench/quality/likeness.h"
#include "bench/quality/line.h"

/// Speech (a file of 16-bit samples at 8 kHz) over lines that lose and delay packets, heard through our jitter buffer and through two
/// that are simple. Prints one JSON object a trial.
namespace offhook::bench {
namespace {

constexpr double kFixedDelayMs = 60;
constexpr double kMeanBurst = 3;
constexpr unsigned kSeed = 20'26;

struct Network {
  const char* losses;
  double loss_percent;
  double jitter_ms;
};

/// Bursts after Gilbert: what was lost makes the next one likely to be, three in a row on the mean.
void pass(Speech& speech, const Network& network) {
  std::mt19937 random(kSeed);
  std::uniform_real_distribution<double> chance(0, 1);
  const double rate = network.loss_percent / 100;
  const bool in_bursts = network.losses[0] == 'b';
  bool lost = false;
  for (Packet& packet : speech.packets) {
    const double again = in_bursts ? 1 - 1 / kMeanBurst : rate;
    const double anew = in_bursts ? rate / (1 - rate) / kMeanBurst : rate;
    lost = chance(random) < (lost ? again : anew);
    packet.lost = lost;
    packet.arrival_ms += network.jitter_ms * chance(random);
  }
}

Likeness likeness_of(const Speech& speech, const Heard& heard) {
  constexpr std::size_t kWindow = LikenessMeter::kWindow;
  LikenessMeter meter(mean_power(speech.original));
  for (std::size_t i = 0; i < heard.positions.size(); ++i) {
    const std::int64_t position = heard.positions[i];
    if (position < 0 || i * kFrameSamples + kWindow > heard.samples.size()) continue;
    if (static_cast<std::size_t>(position) + kWindow > speech.original.size()) continue;
    meter.add(std::span(speech.original).subspan(static_cast<std::size_t>(position)).first<kWindow>(),
              std::span(heard.samples).subspan(i * kFrameSamples).first<kWindow>(), 4'000);
  }
  return meter.result();
}

void print(const char* codec, const Network& network, const char* listener, const Speech& speech, const Heard& heard) {
  const Likeness likeness = likeness_of(speech, heard);
  std::printf(
      "{\"codec\":\"%s\",\"losses\":\"%s\",\"lossPercent\":%g,\"jitterMs\":%g,\"listener\":\"%s\",\"spectralDistanceDb\":%.3f,"
      "\"segmentalSnrDb\":%.3f,\"addedDelayMs\":%.2f,\"madeUpPercent\":%.3f,\"scaledPercent\":%.3f}\n",
      codec, network.losses, network.loss_percent, network.jitter_ms, listener, likeness.spectral_distance_db,
      likeness.segmental_snr_db, heard.added_delay_ms, heard.made_up_percent, heard.scaled_percent);
}

void run(std::span<const std::int16_t> wide) {
  struct Kind {
    Codec codec;
    const char* name;
  };
  static constexpr std::array kKinds{Kind{Codec::g711, "G.711"}, Kind{Codec::g722, "G.722"}, Kind{Codec::opus, "Opus"},
                                     Kind{Codec::opus_fec, "Opus with FEC"}};
  std::vector<Network> networks{{"none", 0, 0}};
  for (const char* losses : {"random", "bursts"}) {
    for (const double percent : {1, 3, 5, 10, 20}) networks.push_back({losses, percent, 0});
  }
  for (const double jitter_ms : {20, 50, 100}) networks.push_back({"random", 1, jitter_ms});
  for (const Kind& kind : kKinds) {
    const Speech clean = encode(wide, kind.codec);
    for (const Network& network : networks) {
      Speech speech = clean;
      pass(speech, network);
      print(kind.name, network, "jitter buffer", speech, by_jitter_buffer(speech));
      print(kind.name, network, "silence", speech, by_fixed_buffer(speech, kFixedDelayMs, false));
      print(kind.name, network, "last frame", speech, by_fixed_buffer(speech, kFixedDelayMs, true));
    }
  }
}

}  // namespace
}  // namespace offhook::bench

int main(int count, char** arguments) {
  using namespace offhook;
  std::ifstream file(count > 1 ? arguments[1] : "", std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  bench::Samples narrow(bytes.size() / 2);
  std::copy_n(bytes.data(), narrow.size() * 2, reinterpret_cast<char*>(narrow.data()));
  if (narrow.size() < 8'000) {
    std::fprintf(stderr, "the first argument must name a second or more of speech\n");
    return 2;
  }
  bench::Samples wide(narrow.size() * 2);
  HalfBandUpsampler().process(narrow, wide.data());
  bench::run(wide);
  return 0;
}
