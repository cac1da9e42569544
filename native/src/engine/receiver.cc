#include "receiver.h"

#include <algorithm>
#include <limits>

#include "dsp/dtmf.h"
#include "jitter_buffer.h"
#include "sender.h"

namespace offhook {

namespace {
/// Longest stretch of missing audio that is filled in, however long it took; beyond it the sender was silent or restarted.
constexpr std::int64_t kMaxFillSamples = kAudioRateHz;
/// What is made up comes in whole 2.5 ms, as Opus wants it.
constexpr std::int64_t kFillStep = kAudioRateHz / 400;
/// Without any audio for so long, a key that sounded is not pressed any more.
constexpr MonotonicNs kSilentMs = 200;
constexpr MonotonicNs kEndOfTime = std::numeric_limits<MonotonicNs>::max();
}  // namespace

void Receiver::configure(const SessionConfig& config, bool fresh_codec, MonotonicNs now) noexcept {
  config_ = &config;
  latch_.announce(config.announced, now);
  if (fresh_codec) {
    following_ = false;
    stats_.restart(static_cast<int>(config.clock_rate_hz));
  }
}

void Receiver::set_listened(JitterBuffer* jitter) noexcept {
  jitter_ = jitter;
  if (jitter_ != nullptr) jitter_->restart();
}

Event Receiver::event(Event::Type type, MonotonicNs at) const noexcept {
  Event event;
  event.type = type;
  event.slot = slot_;
  event.generation = generation_;
  event.at = at;
  return event;
}

Receiver::Kind Receiver::kind_of(const RtpView& packet) const noexcept {
  if (packet.payload_type == config_->payload_type) return Kind::audio;
  if (packet.payload_type == config_->event_payload_type) return Kind::telephone_event;
  if (packet.payload_type == config_->noise_payload_type) return Kind::comfort_noise;
  return Kind::other;
}

void Receiver::on_datagram(std::span<std::uint8_t> datagram, const Endpoint& from, MonotonicNs arrival) noexcept {
  if (config_ == nullptr) return;
  if (config_->srtp_in != nullptr) {
    // First of all, so that only who holds the key can move the latch.
    datagram = datagram.first(config_->srtp_in->unprotect(datagram));
    if (datagram.empty()) {
      counters_.packets_unauthentic.add();
      return;
    }
  }
  const auto packet = parse_rtp(datagram);
  if (!packet) {
    counters_.packets_malformed.add();
    return;
  }
  const Kind kind = kind_of(*packet);
  if (!admit(kind, *packet, from, arrival)) return;
  // Not before: strangers must not use up what the far end may send.
  if (!rate_.admit(arrival)) {
    counters_.packets_over_rate.add();
    return;
  }
  counters_.packets_received.add();
  follow_source(*packet);
  const std::int64_t sequence = sequences_.unwrap(packet->sequence);
  stats_.on_packet(sequence, packet->timestamp, arrival, kind == Kind::audio);
  store(*packet, kind == Kind::audio, sequence, arrival);
  if (kind == Kind::telephone_event) tell_digit(presses_.on_packet(packet->timestamp, packet->payload, arrival / kNsPerMs), arrival);
  release(arrival);
  if (kind == Kind::comfort_noise) {
    config_->codec->comfort_noise(packet->payload);
    if (jitter_ != nullptr) jitter_->comfort_noise(packet->payload);
  }
  publish_stats();
}

/// Only audio may move the latch; everything else must come from where audio comes from.
bool Receiver::admit(Kind kind, const RtpView& packet, const Endpoint& from, MonotonicNs arrival) noexcept {
  if (kind != Kind::audio) {
    if (latch_.is_source(from) || latch_.is_announced(from)) return true;
    counters_.packets_wrong_source.add();
    return false;
  }
  switch (latch_.on_audio(from, packet.sequence, arrival)) {
    case SourceLatch::Verdict::rejected:
      counters_.packets_wrong_source.add();
      return false;
    case SourceLatch::Verdict::probation:
      return false;
    case SourceLatch::Verdict::latched: {
      Event latched = event(Event::Type::latched, arrival);
      latched.endpoint = from;
      events_.emit(latched);
      return true;
    }
    case SourceLatch::Verdict::accepted:
      break;
  }
  return true;
}

/// A new SSRC is a new stream: its numbers have nothing to do with those before.
void Receiver::follow_source(const RtpView& packet) noexcept {
  if (following_ && packet.ssrc == ssrc_) return;
  // What waits behind a hole is the last that was said there.
  if (following_) release(kEndOfTime);
  following_ = true;
  ssrc_ = packet.ssrc;
  sequences_.reset();
  reorder_.reset();
  if (jitter_ != nullptr) jitter_->restart();
  stats_.restart(static_cast<int>(config_->clock_rate_hz));
  counters_.remote_ssrc.set(ssrc_);
}

void Receiver::store(const RtpView& packet, bool audio, std::int64_t sequence, MonotonicNs arrival) noexcept {
  const auto payload = audio ? packet.payload : std::span<const std::uint8_t>{};
  if (jitter_ != nullptr && config_->receives) jitter_->insert(sequence, packet.timestamp, payload, arrival);
  if (reorder_.pass_through(sequence)) {
    bursts_.on_received();
    if (!payload.empty()) play({.kind = ReorderBuffer::Popped::Kind::packet,
                                .timestamp = packet.timestamp,
                                .sequence = sequence,
                                .arrival_ns = arrival,
                                .payload = payload});
    return;
  }
  switch (reorder_.insert(sequence, packet.timestamp, payload, arrival)) {
    case ReorderBuffer::Insert::accepted:
      break;
    case ReorderBuffer::Insert::duplicate:
      counters_.packets_duplicate.add();
      break;
    case ReorderBuffer::Insert::late:
    case ReorderBuffer::Insert::stray:
      counters_.packets_late.add();
      break;
    case ReorderBuffer::Insert::oversized:
      counters_.packets_malformed.add();
      break;
  }
}

void Receiver::release(MonotonicNs now) noexcept {
  for (;;) {
    const ReorderBuffer::Popped popped = reorder_.pop(now);
    switch (popped.kind) {
      case ReorderBuffer::Popped::Kind::nothing:
        return;
      case ReorderBuffer::Popped::Kind::gap:
        count_lost(popped.lost);
        break;
      case ReorderBuffer::Popped::Kind::packet:
        bursts_.on_received();
        if (!popped.payload.empty()) play(popped);
        break;
    }
  }
}

void Receiver::count_lost(std::size_t packets) noexcept {
  lost_packets_ += packets;
  counters_.packets_lost.add(packets);
  bursts_.on_lost(packets);
  counters_.loss_runs.set(bursts_.runs());
  counters_.loss_bursts.set(bursts_.bursts());
  counters_.burst_packets.set(bursts_.burst_packets());
  counters_.burst_packets_lost.set(bursts_.burst_lost());
}

void Receiver::play(const ReorderBuffer::Popped& packet) noexcept {
  if (packet.discontinuity) {
    timestamps_.reset();
    next_timestamp_ = timestamps_.unwrap(packet.timestamp);
    recording_.heard_anew();
  }
  const std::int64_t timestamp = timestamps_.unwrap(packet.timestamp);
  const std::int64_t missing = (timestamp - next_timestamp_) * kAudioRateHz / config_->clock_rate_hz;
  fill_before(packet, missing, arrived_.advance(packet.arrival_ns, packet_samples_));
  lost_packets_ = 0;
  std::array<std::int16_t, kMaxPacketSamples> decoded;
  const std::size_t samples = config_->codec->decode(packet.payload, decoded.data());
  if (samples == 0) {
    counters_.packets_malformed.add();
    next_timestamp_ = timestamp;
    return;
  }
  packet_samples_ = samples;
  next_timestamp_ = timestamp + static_cast<std::int64_t>(samples) * config_->clock_rate_hz / kAudioRateHz;
  if (config_->receives) deliver({decoded.data(), samples}, packet.arrival_ns);
}

/// Keeps sample time equal to RTP time: what was lost is concealed, what was never sent is silence.
void Receiver::fill_before(const ReorderBuffer::Popped& packet, std::int64_t missing_samples, std::int64_t most_samples) noexcept {
  if (missing_samples < kFillStep || !config_->receives) return;
  std::int64_t left = std::min({missing_samples, most_samples, kMaxFillSamples});
  left -= left % kFillStep;
  recording_.skip_heard(missing_samples - left, packet.arrival_ns);
  std::int64_t lost = std::min(left, static_cast<std::int64_t>(lost_packets_ * packet_samples_));
  const auto last_packet = static_cast<std::int64_t>(packet_samples_);
  std::array<std::int16_t, kMaxPacketSamples> made_up;
  while (left > 0) {
    // The last packet lost in one piece: that much the packet behind it may repeat.
    const std::int64_t before_last = lost > last_packet ? lost - last_packet : left;
    const std::int64_t piece = lost > 0 && lost <= last_packet ? lost : std::min<std::int64_t>(before_last, kFrameSamples);
    const std::span<std::int16_t> frame(made_up.data(), static_cast<std::size_t>(piece));
    const auto count = static_cast<std::int64_t>(frame.size());
    left -= count;
    if (lost > 0) {
      lost -= count;
      config_->codec->conceal(frame, lost == 0 ? packet.payload : std::span<const std::uint8_t>{});
      counters_.concealed_samples.add(frame.size());
    } else {
      config_->codec->silence(frame);
    }
    deliver(frame, packet.arrival_ns);
  }
}

void Receiver::deliver(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept {
  // Who listens hears no echo; who is recorded, or talked to, is heard as they are.
  std::array<std::int16_t, kMaxPacketSamples> cleaned;
  std::copy(samples.begin(), samples.end(), cleaned.begin());
  canceller_.heard(std::span(cleaned).first(samples.size()));
  heard_.write({cleaned.data(), samples.size()}, arrival);
  arrived_.spend(samples.size());
  recording_.heard(samples, arrival);
  if (echo_ != nullptr) echo_->write(samples);
  if (config_->in_band_digits) listen_for_digits(samples, arrival);
  if (config_->tracks_tones) listen_for_tones(samples, arrival);
}

void Receiver::listen_for_digits(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept {
  last_audio_at_ = arrival;
  heard_presses_.process(samples, [&](const DtmfDetector::Press& press) { tell_heard_digit(press, arrival); });
}

void Receiver::listen_for_tones(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept {
  tones_.process(samples, [&](const ToneTracker::Sound& sound) {
    Event tone = event(Event::Type::tone, arrival);
    tone.tone = sound;
    events_.emit(tone);
  });
}

/// Whoever a bridge leads to hears the tones themselves.
void Receiver::tell_heard_digit(const DtmfDetector::Press& press, MonotonicNs at) noexcept {
  if (own_presses_.may_come_back(*dtmf_key_of(press.digit), at)) return;
  Event heard = event(Event::Type::digit, at);
  heard.digit = press.digit;
  heard.duration_ms = press.duration_ms;
  events_.emit(heard);
}

void Receiver::tell_digit(const std::optional<Digit>& digit, MonotonicNs at) noexcept {
  if (!digit) return;
  Event press = event(Event::Type::digit, at);
  press.digit = digit->digit;
  press.duration_ms = digit->duration_ticks * 1000.0 / config_->event_clock_rate_hz;
  events_.emit(press);
  if (bridge_ != nullptr) bridge_->bridge_digit(press.digit, press.duration_ms);
}

void Receiver::publish_stats() noexcept {
  counters_.jitter_us.set(static_cast<std::uint64_t>(stats_.jitter_ms() * 1000));
  counters_.remote_highest_sequence.set(stats_.extended_highest_sequence());
  counters_.remote_expected.set(static_cast<std::uint64_t>(std::max<std::int64_t>(stats_.expected(), 0)));
  counters_.remote_received.set(static_cast<std::uint64_t>(stats_.received()));
}

void Receiver::poll(MonotonicNs now) noexcept {
  if (config_ == nullptr) return;
  release(now);
  tell_digit(presses_.on_tick(now / kNsPerMs), now);
  if (!config_->in_band_digits || now - last_audio_at_ < kSilentMs * kNsPerMs) return;
  if (const auto press = heard_presses_.finish()) tell_heard_digit(*press, now);
}

}  // namespace offhook
