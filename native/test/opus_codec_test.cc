#include "dsp/opus_codec.h"

#include <doctest/doctest.h>
#include <opus.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "test/support/signal.h"

namespace offhook {
namespace {

using Samples = std::vector<std::int16_t>;
using Bytes = std::vector<std::uint8_t>;
constexpr std::size_t kFrame = 320;

std::vector<Bytes> encode_all(const Samples& signal, int complexity = 2, OpusTerms terms = {}, int expected_loss_percent = 0) {
  OpusEncoderStage encoder;
  REQUIRE(encoder.ok());
  terms.complexity = complexity;
  encoder.apply(terms);
  encoder.expect_loss(expected_loss_percent);
  std::vector<Bytes> packets;
  for (std::size_t at = 0; at + kFrame <= signal.size(); at += kFrame) {
    Bytes packet(kOpusMaxFrameBytes);
    const int size = encoder.encode(std::span(signal).subspan(at, kFrame), packet);
    REQUIRE(size >= 0);
    packet.resize(static_cast<std::size_t>(size));
    packets.push_back(packet);
  }
  return packets;
}

/// Syllables of a buzz on a gliding pitch: what a speech coder is made for, and what cannot be guessed from the past.
Samples speech_like(std::size_t samples) {
  Samples out(samples);
  double phase = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    const double seconds = static_cast<double>(i) / kOpusRateHz;
    phase += 2 * std::numbers::pi * (140 + 60 * std::sin(2 * std::numbers::pi * 3 * seconds)) / kOpusRateHz;
    const double level = 0.5 + 0.5 * std::sin(2 * std::numbers::pi * 4 * seconds);
    double sum = 0;
    for (int harmonic = 1; harmonic <= 15; ++harmonic) sum += std::sin(harmonic * phase) / harmonic;
    out[i] = static_cast<std::int16_t>(6000 * level * sum);
  }
  return out;
}

TEST_CASE("440 Hz in is 440 Hz out at the same level, at every complexity") {
  for (const int complexity : {0, 2, 10}) {
    CAPTURE(complexity);
    OpusDecoderStage decoder;
    REQUIRE(decoder.ok());
    Samples heard;
    for (const auto& packet : encode_all(test::sine(440, kOpusRateHz, 8000, 32'000), complexity)) {
      std::array<std::int16_t, kOpusMaxFrameSamples> out{};
      REQUIRE(decoder.decode(packet, out) == static_cast<int>(kFrame));
      heard.insert(heard.end(), out.begin(), out.begin() + kFrame);
    }
    const auto last_second = std::span(heard).last(16'000);
    CHECK(test::amplitude_at(last_second, 440, kOpusRateHz) == doctest::Approx(8000).epsilon(0.1));
    CHECK(test::rms(last_second) == doctest::Approx(8000 / std::sqrt(2.0)).epsilon(0.1));
  }
}

TEST_CASE("20 ms at 24 kbit/s take about 60 bytes") {
  std::size_t bytes = 0;
  const auto packets = encode_all(speech_like(32'000));
  for (const auto& packet : packets) bytes += packet.size();
  CHECK(bytes / packets.size() > 30);
  CHECK(bytes / packets.size() < 80);
}

TEST_CASE("silence too gives a packet every time") {
  for (const auto& packet : encode_all(Samples(32'000))) CHECK_FALSE(packet.empty());
}

TEST_CASE("a lost packet is concealed with something like the voice, not with silence") {
  OpusDecoderStage decoder;
  std::array<std::int16_t, kFrame> out{};
  for (const auto& packet : encode_all(test::sine(300, kOpusRateHz, 8000, 16'000))) REQUIRE(decoder.decode(packet, out) == static_cast<int>(kFrame));
  REQUIRE(decoder.conceal(out) == static_cast<int>(kFrame));
  CHECK(test::rms(out) > 2000);
}

TEST_CASE("forward error correction brings a lost packet back closer than concealment does") {
  const Samples signal = speech_like(48'000);
  const auto packets = encode_all(signal, 5, {.in_band_fec = true}, 25);
  double fec_error = 0;
  double plc_error = 0;
  OpusDecoderStage reference;
  OpusDecoderStage with_fec;
  OpusDecoderStage with_plc;
  for (std::size_t i = 0; i + 1 < packets.size(); ++i) {
    std::array<std::int16_t, kFrame> sent{};
    std::array<std::int16_t, kFrame> fec{};
    std::array<std::int16_t, kFrame> plc{};
    REQUIRE(reference.decode(packets[i], sent) > 0);
    const bool lost = i > 10 && i % 5 == 0;
    REQUIRE((lost ? with_fec.decode_fec(packets[i + 1], fec) : with_fec.decode(packets[i], fec)) == static_cast<int>(kFrame));
    REQUIRE((lost ? with_plc.conceal(plc) : with_plc.decode(packets[i], plc)) == static_cast<int>(kFrame));
    if (!lost) continue;
    for (std::size_t k = 0; k < kFrame; ++k) {
      fec_error += std::pow(fec[k] - sent[k], 2);
      plc_error += std::pow(plc[k] - sent[k], 2);
    }
  }
  CHECK(fec_error < plc_error / 2);
}

std::size_t bytes_of(const std::vector<Bytes>& packets) {
  std::size_t bytes = 0;
  for (const auto& packet : packets) bytes += packet.size();
  return bytes;
}

bool repeats_previous(const std::vector<Bytes>& packets) {
  std::array<std::int16_t, kFrame> guess{};
  std::array<std::int16_t, kFrame> again{};
  OpusDecoderStage plc;
  OpusDecoderStage fec;
  double difference = 0;
  for (std::size_t i = 0; i + 1 < packets.size(); ++i) {
    REQUIRE(plc.decode(packets[i], guess) > 0);
    REQUIRE(fec.decode(packets[i], again) > 0);
    if (i % 10 != 9) continue;
    REQUIRE(plc.conceal(guess) > 0);
    REQUIRE(fec.decode_fec(packets[i + 1], again) > 0);
    for (std::size_t k = 0; k < kFrame; ++k) difference += std::abs(guess[k] - again[k]);
  }
  return difference > 0;
}

TEST_CASE("packets repeat the one before them only when the far end takes that and loses some") {
  const Samples signal = speech_like(48'000);
  CHECK(repeats_previous(encode_all(signal, 2, {.in_band_fec = true}, 10)));
  CHECK_FALSE(repeats_previous(encode_all(signal, 2, {.in_band_fec = true}, 0)));
  CHECK_FALSE(repeats_previous(encode_all(signal, 2, {.in_band_fec = false}, 10)));
}

TEST_CASE("the far end's bitrate is kept to, whatever it asks for, and never exceeds ours") {
  const Samples signal = speech_like(5 * 16'000);
  struct Row { int asked_bps; double least_bps; double most_bps; };
  for (const Row row : {Row{8'000, 5'000, 9'500}, Row{16'000, 12'000, 18'000}, Row{510'000, 18'000, 27'000}, Row{-1, 4'000, 8'000}}) {
    CAPTURE(row.asked_bps);
    const double bps = 8.0 * static_cast<double>(bytes_of(encode_all(signal, 2, {.max_average_bitrate_bps = row.asked_bps}))) / 5;
    CHECK(bps > row.least_bps);
    CHECK(bps < row.most_bps);
  }
}

TEST_CASE("at a constant bitrate all packets are of one size") {
  const auto packets = encode_all(speech_like(32'000), 2, {.constant_bitrate = true});
  for (const auto& packet : packets) CHECK(packet.size() == packets[0].size());
}

TEST_CASE("who plays 8 kHz back is sent no more than the telephone's band") {
  const auto above = [](const OpusTerms& terms) {
    OpusDecoderStage decoder;
    Samples heard;
    Samples signal = test::sine(1'000, kOpusRateHz, 6000, 32'000);
    const Samples high = test::sine(6'000, kOpusRateHz, 6000, 32'000);
    for (std::size_t i = 0; i < signal.size(); ++i) signal[i] = static_cast<std::int16_t>(signal[i] + high[i]);
    for (const auto& packet : encode_all(signal, 5, terms)) {
      std::array<std::int16_t, kFrame> out{};
      REQUIRE(decoder.decode(packet, out) == static_cast<int>(kFrame));
      heard.insert(heard.end(), out.begin(), out.end());
    }
    return test::amplitude_at(std::span(heard).last(16'000), 6'000, kOpusRateHz);
  };
  CHECK(above({}) > 3000);
  CHECK(above({.max_playback_rate_hz = 8'000}) < 100);
}

TEST_CASE("with DTX hardly a packet leaves in silence, and speech is complete after it") {
  Samples signal = speech_like(16'000);
  signal.resize(16'000 * 4);
  const Samples again = speech_like(16'000);
  signal.insert(signal.end(), again.begin(), again.end());
  const auto packets = encode_all(signal, 2, {.dtx = true});
  const auto sent = [&](std::size_t from, std::size_t to) {
    return std::count_if(packets.begin() + static_cast<std::ptrdiff_t>(from), packets.begin() + static_cast<std::ptrdiff_t>(to),
                         [](const Bytes& packet) { return !packet.empty(); });
  };
  CHECK(sent(0, 40) == 40);
  CHECK(sent(100, 200) < 10);  // 2 s of silence: one now and then, so that the far end knows
  CHECK(sent(202, 240) == 38);
}

TEST_CASE("silence that lasts is one packet again and again, and speech goes on behind it as behind any other silence") {
  const Samples speech = speech_like(16'000);
  struct Spoken {
    std::vector<Bytes> packets;
    Samples after;    ///< what is heard of the speech behind the silence
    Samples silence;  ///< and of the end of the silence
  };
  const auto spoken = [&](std::size_t silent_ms, int complexity, bool constant_bitrate) {
    Samples signal = speech;
    signal.resize(signal.size() + silent_ms * 16);
    signal.insert(signal.end(), speech.begin(), speech.end());
    Spoken out{.packets = encode_all(signal, complexity, {.constant_bitrate = constant_bitrate}), .after = {}, .silence = {}};
    OpusDecoderStage decoder;
    Samples heard;
    for (const auto& packet : out.packets) {
      std::array<std::int16_t, kFrame> frame{};
      REQUIRE(decoder.decode(packet, frame) == static_cast<int>(kFrame));
      heard.insert(heard.end(), frame.begin(), frame.end());
    }
    out.after.assign(heard.end() - 16'000, heard.end());
    out.silence.assign(heard.end() - 17'600, heard.end() - 16'000);
    return out;
  };
  for (const int complexity : {0, 2, 10}) {
    for (const bool constant_bitrate : {false, true}) {
      CAPTURE(complexity);
      CAPTURE(constant_bitrate);
      const Spoken encoded = spoken(900, complexity, constant_bitrate);
      const Spoken repeated = spoken(5'000, complexity, constant_bitrate);
      for (std::size_t i = 102; i < 300; ++i) CHECK(repeated.packets[i] == repeated.packets[101]);
      CHECK(test::rms(repeated.silence) < 3);
      double difference = 0;
      double energy = 0;
      for (std::size_t i = 0; i < encoded.after.size(); ++i) {
        difference += std::pow(encoded.after[i] - repeated.after[i], 2);
        energy += std::pow(encoded.after[i], 2);
      }
      CHECK(difference < energy / 10);
      CHECK(test::rms(std::span(repeated.after).first(1'600)) == doctest::Approx(test::rms(std::span(encoded.after).first(1'600))).epsilon(0.05));
    }
  }
}

TEST_CASE("stereo comes out as the mean of both sides, at any rate it was made from") {
  for (const int rate : {8'000, 16'000, 24'000, 48'000}) {
    CAPTURE(rate);
    int error = 0;
    OpusEncoder* encoder = opus_encoder_create(rate, 2, OPUS_APPLICATION_AUDIO, &error);
    REQUIRE(error == OPUS_OK);
    opus_encoder_ctl(encoder, OPUS_SET_BITRATE(96'000));
    opus_encoder_ctl(encoder, OPUS_SET_FORCE_CHANNELS(2));
    const auto frame = static_cast<std::size_t>(rate) / 50;
    const Samples left = test::sine(440, rate, 8000, 100 * frame);
    const Samples right = test::sine(1'000, rate, 4000, 100 * frame);
    OpusDecoderStage decoder;
    Samples heard;
    for (std::size_t at = 0; at < left.size(); at += frame) {
      Samples both(2 * frame);
      for (std::size_t i = 0; i < frame; ++i) {
        both[2 * i] = left[at + i];
        both[2 * i + 1] = right[at + i];
      }
      Bytes packet(kOpusMaxFrameBytes);
      const int bytes = opus_encode(encoder, both.data(), static_cast<int>(frame), packet.data(), kOpusMaxFrameBytes);
      REQUIRE(bytes > 0);
      std::array<std::int16_t, kOpusMaxFrameSamples> out{};
      REQUIRE(decoder.decode(std::span(packet).first(static_cast<std::size_t>(bytes)), out) == static_cast<int>(kFrame));
      heard.insert(heard.end(), out.begin(), out.begin() + kFrame);
    }
    opus_encoder_destroy(encoder);
    const auto last_second = std::span(heard).last(16'000);
    CHECK(test::amplitude_at(last_second, 440, kOpusRateHz) == doctest::Approx(4000).epsilon(0.15));
    CHECK(test::amplitude_at(last_second, 1'000, kOpusRateHz) == doctest::Approx(2000).epsilon(0.15));
  }
}

TEST_CASE("what is no Opus packet, or has no room, is refused and leaves the decoder usable") {
  const auto packets = encode_all(test::sine(440, kOpusRateHz, 8000, 16'000));
  OpusDecoderStage decoder;
  std::array<std::int16_t, kOpusMaxFrameSamples> out{};
  CHECK(decoder.decode({}, out) == -1);
  CHECK(decoder.decode(packets[0], std::span(out).first(100)) == -1);
  CHECK(decoder.decode(packets[0], {}) == -1);
  CHECK(decoder.conceal(std::span(out).first(7)) == -1);
  std::mt19937 random(11);
  for (int i = 0; i < 2000; ++i) {
    Bytes noise(random() % 200);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    CHECK(decoder.decode(noise, out) <= kOpusMaxFrameSamples);
    CHECK(decoder.decode_fec(noise, std::span(out).first(kFrame)) <= static_cast<int>(kFrame));
  }
  decoder.reset();
  CHECK(decoder.decode(packets[1], out) == static_cast<int>(kFrame));
}

TEST_CASE("an encoder refuses frames that Opus does not know, and too little room") {
  OpusEncoderStage encoder;
  Bytes out(kOpusMaxFrameBytes);
  CHECK(encoder.encode(Samples(321), out) == -1);
  CHECK(encoder.encode(Samples(100'000), out) == -1);
  CHECK(encoder.encode({}, out) == -1);
  CHECK(encoder.encode(Samples(320), {}) == -1);
  CHECK(encoder.encode(Samples(160), out) > 0);
  CHECK(encoder.encode(Samples(960), out) > 0);
}

}  // namespace
}  // namespace offhook
