#include "jitter_buffer.h"

#include <algorithm>
#include <utility>

#include "dsp/time_scaler.h"

namespace offhook {

namespace {

constexpr std::int64_t kSamplesPerMs = kAudioRateHz / 1000;
/// What is made up comes in whole 2.5 ms, as Opus wants it; a smaller hole is the sender's rounding.
constexpr std::int64_t kStep = kAudioRateHz / 400;
constexpr std::size_t kSilentAfter = 60 * kSamplesPerMs;
/// A listener does not notice one joint in that time.
constexpr std::int64_t kBetweenChanges = 60 * kSamplesPerMs;
/// With that much to make up for, joints follow one another.
constexpr std::int64_t kFar = 80 * kSamplesPerMs;
/// What lies longer than that when speech sets in again is not played any more.
constexpr std::int64_t kTooOld = 200 * kSamplesPerMs;
constexpr std::int64_t kMemory = 10 * kAudioRateHz;
/// Alike enough to be joined; what waits for such a place takes a worse one in time.
constexpr float kAlike = 0.9F;
constexpr float kLessAlikePerSecond = 0.5F;

std::int64_t samples_at(MonotonicNs at) noexcept { return at / 1'000 * kSamplesPerMs / 1'000; }

}  // namespace

void JitterBuffer::swap_codec(std::unique_ptr<LineCodec>& codec, std::uint32_t clock_rate_hz) noexcept {
  std::swap(codec_, codec);
  clock_rate_hz_ = clock_rate_hz;
  restart();
}

void JitterBuffer::restart() noexcept {
  store_.reset();
  timestamps_.reset();
  delays_.reset();
  recent_count_ = 0;
  flowing_ = false;
  stood_in_ = 0;
  hole_left_ = 0;
  repeats_until_ = losses_until_ = last_taken_;
}

void JitterBuffer::insert(std::int64_t sequence, std::uint32_t timestamp, std::span<const std::uint8_t> payload,
                          MonotonicNs arrival) noexcept {
  const ReorderBuffer::Insert outcome = store_.insert(sequence, timestamp, payload, arrival);
  if (outcome == ReorderBuffer::Insert::late) figures_.packets_unused += 1;
  if ((outcome != ReorderBuffer::Insert::accepted && outcome != ReorderBuffer::Insert::late) || payload.empty()) return;
  // What came before the last frame left was not there for it all the same.
  const std::int64_t at = std::max(samples_at(arrival), last_taken_);
  static_cast<void>(timestamps_.unwrap(timestamp));
  delays_.add(at - position_of(timestamp), at);
}

void JitterBuffer::take(std::span<std::int16_t> frame, MonotonicNs due) noexcept {
  frame = frame.first(std::min(frame.size(), kMostTaken));
  const std::int64_t now = samples_at(due);
  while (waiting_ < frame.size()) produce(frame.size() - waiting_, now);
  adapt(frame.size(), now);
  std::copy_n(waiting().begin(), frame.size(), frame.begin());
  std::copy(audio_.begin() + static_cast<std::ptrdiff_t>(frame.size()),
            audio_.begin() + static_cast<std::ptrdiff_t>(kHistory + waiting_), audio_.begin());
  waiting_ -= frame.size();
  last_taken_ = now;
}

/// Adds something to what waits.
void JitterBuffer::produce(std::size_t missing, std::int64_t now) noexcept {
  for (;;) {
    const ReorderBuffer::Popped next = codec_ == nullptr ? ReorderBuffer::Popped{} : store_.peek();
    if (next.kind == ReorderBuffer::Popped::Kind::nothing) return stand_in(missing);
    if (next.payload.empty()) {
      // A key press, or the word that nothing will be said.
      store_.drop_first();
      if (noise_level_) codec_->comfort_noise({&*noise_level_, 1});
      noise_level_.reset();
      flowing_ = false;
      hole_left_ = 0;
      continue;
    }
    if (next.discontinuity) flowing_ = false;
    const std::int64_t position = position_of(next.timestamp);
    if (!flowing_) {
      // A frame's beginning is where a packet costs the least delay.
      if (waiting_ > 0 || now - position < delays_.base() + wanted_delay()) return keep_silent(missing);
      if (now - position > delays_.base() + wanted_delay() + kTooOld && store_.stored() > 1) {
        figures_.packets_unused += 1;
        store_.drop_first();
        continue;
      }
      start_at(position, now);
      return decode(next, position);
    }
    const std::int64_t hole = position - heard_until_ - static_cast<std::int64_t>(stood_in_);
    if (hole_left_ == 0 && hole >= kStep) {
      if (next.lost == 0) {
        flowing_ = false;
        continue;
      }
      hole_left_ = std::min(hole, static_cast<std::int64_t>(next.lost * packet_samples_)) / kStep * kStep;
      heard_until_ += static_cast<std::int64_t>(std::exchange(stood_in_, 0));
      store_.give_up_missing();
    }
    if (next.lost > 0 || hole_left_ > 0) losses_until_ = now + kMemory;
    return hole_left_ > 0 ? conceal_hole(next.payload) : decode(next, position);
  }
}

void JitterBuffer::start_at(std::int64_t position, std::int64_t now) noexcept {
  flowing_ = true;
  heard_until_ = position;
  stood_in_ = 0;
  hole_left_ = 0;
  recent_count_ = 0;
  wanted_ = false;
  unchanged_until_ = now;
}

void JitterBuffer::stand_in(std::size_t missing) noexcept {
  if (!flowing_) return keep_silent(missing);
  const std::size_t step = static_cast<std::size_t>(kStep);
  const std::size_t samples = std::min((missing + step - 1) / step * step, kFrameSamples);
  codec_->conceal({end(), samples}, {});
  figures_.made_up_samples += samples;
  waiting_ += samples;
  stood_in_ += samples;
  if (stood_in_ >= kSilentAfter) flowing_ = false;
}

void JitterBuffer::conceal_hole(std::span<const std::uint8_t> packet_after) noexcept {
  // The last packet missing in one piece: that much the packet after it may repeat.
  const auto last = static_cast<std::int64_t>(packet_samples_);
  const std::int64_t samples = hole_left_ > last ? std::min<std::int64_t>(hole_left_ - last, kFrameSamples) : hole_left_;
  const std::span<std::int16_t> made_up(end(), static_cast<std::size_t>(samples));
  codec_->conceal(made_up, samples == hole_left_ ? packet_after : std::span<const std::uint8_t>{});
  figures_.made_up_samples += made_up.size();
  waiting_ += made_up.size();
  heard_until_ += samples;
  hole_left_ -= samples;
}

void JitterBuffer::decode(const ReorderBuffer::Popped& packet, std::int64_t position) noexcept {
  const std::size_t samples = codec_->decode(packet.payload, end());
  if (codec_->repeats_previous(packet.payload)) repeats_until_ = last_taken_ + kMemory;
  store_.drop_first();
  heard_until_ = position + static_cast<std::int64_t>(samples);
  stood_in_ = 0;
  hole_left_ = 0;
  if (samples == 0) return;
  waiting_ += samples;
  packet_samples_ = samples;
  recent_[recent_at_ % kRecent] = position;
  recent_at_ += 1;
  recent_count_ = std::min(recent_count_ + 1, kRecent);
}

void JitterBuffer::keep_silent(std::size_t samples) noexcept {
  samples = std::min(samples, kFrameSamples);
  const std::span<std::int16_t> quiet(end(), samples);
  if (codec_ != nullptr) codec_->silence(quiet);
  else std::fill(quiet.begin(), quiet.end(), std::int16_t{0});
  waiting_ += samples;
}

/// What packets need over the quickest one's transit. Where a packet repeats the one before it and packets get lost, the next one has to
/// be there in time to be of use.
std::int64_t JitterBuffer::wanted_delay() const noexcept {
  const bool waits = last_taken_ < std::min(repeats_until_, losses_until_);
  return delays_.spread() + (waits ? static_cast<std::int64_t>(packet_samples_) : 0);
}

/// By how much packets begin behind the beginning of the frame in which they are first heard, with a frame beginning at `from`:
/// they have to be there that much earlier than their own time. Of the last few, as not each begins alike.
JitterBuffer::Leads JitterBuffer::leads(std::size_t frame, std::int64_t from) const noexcept {
  const auto samples = static_cast<std::int64_t>(frame);
  Leads found{.shortest = samples, .longest = 0};
  for (std::size_t i = 0; i < recent_count_; ++i) {
    const std::int64_t lead = ((recent_[i] - from) % samples + samples) % samples;
    found = {std::min(found.shortest, lead), std::max(found.longest, lead)};
  }
  return found;
}

/// How much earlier than needed packets come, but for one in fifty, once `cut` samples are left out; negative when too late.
/// The more is cut the smaller it gets, in steps: up to where a packet begins a cut costs none of them any time.
std::int64_t JitterBuffer::excess(std::size_t frame, std::int64_t now, std::int64_t cut) const noexcept {
  const std::int64_t from = position() + cut;
  return now - from - leads(frame, from).longest - delays_.base() - wanted_delay();
}

void JitterBuffer::adapt(std::size_t frame, std::int64_t now) noexcept {
  if (!flowing_ || stood_in_ > 0 || hole_left_ > 0 || now < unchanged_until_ || recent_count_ == 0) return;
  const bool too_late = excess(frame, now) < 0;
  const std::size_t to_spare = too_late ? 0 : spare(frame, now);
  if (!too_late && to_spare < time_scaler::kShortestPeriod) {
    wanted_ = false;
    return;
  }
  if (!std::exchange(wanted_, true)) wanted_since_ = now;
  if (too_late) lengthen(frame, now);
  else shorten(frame, now, to_spare);
}

/// Samples that may be left out.
std::size_t JitterBuffer::spare(std::size_t frame, std::int64_t now) const noexcept {
  constexpr auto kMost = static_cast<std::int64_t>(time_scaler::kLongestPeriod);
  const bool any = excess(frame, now, kMost) >= reserve();
  return static_cast<std::size_t>(any ? kMost : leads(frame, position()).shortest);
}

bool JitterBuffer::good_enough(float likeness, std::int64_t now) const noexcept {
  return likeness >= kAlike - kLessAlikePerSecond * static_cast<float>(now - wanted_since_) / kAudioRateHz;
}

void JitterBuffer::shorten(std::size_t frame, std::int64_t now, std::size_t most) noexcept {
  if (waiting_ < frame + most) {
    const ReorderBuffer::Popped next = store_.peek();
    const bool follows = next.kind == ReorderBuffer::Popped::Kind::packet && next.lost == 0 && !next.discontinuity &&
                         !next.payload.empty() && position_of(next.timestamp) - heard_until_ < kStep;
    if (follows) decode(next, position_of(next.timestamp));
  }
  const time_scaler::Joint joint = time_scaler::find_cut(waiting(), std::min(most, waiting_ - frame));
  if (joint.period == 0 || !good_enough(joint.likeness, now)) return;
  const bool far = excess(frame, now) > kFar;
  time_scaler::cut(waiting(), joint.period);
  waiting_ -= joint.period;
  figures_.cut_samples += joint.period;
  changed(now, far);
}

void JitterBuffer::lengthen(std::size_t frame, std::int64_t now) noexcept {
  // However late packets claim to be, it takes them one repeat at a time, as far as there is room.
  if (waiting_ + time_scaler::kLongestPeriod > kMostWaiting) return;
  const auto wanted = frame - static_cast<std::size_t>(leads(frame, position()).longest);
  const time_scaler::Joint joint = time_scaler::find_repeat(waiting(), wanted);
  if (joint.period == 0 || !good_enough(joint.likeness, now)) return;
  const bool far = excess(frame, now) < -kFar;
  waiting_ += joint.period;
  time_scaler::repeat(waiting(), joint.period);
  figures_.repeated_samples += joint.period;
  changed(now, far);
}

void JitterBuffer::changed(std::int64_t now, bool far) noexcept {
  wanted_ = false;
  unchanged_until_ = far ? now : now + kBetweenChanges;
}

}  // namespace offhook
