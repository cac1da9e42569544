#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "dsp/real_fft.h"

using namespace offhook;

namespace {

RealFft::Samples random_samples(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> level(-1, 1);
  RealFft::Samples samples;
  std::generate(samples.begin(), samples.end(), [&] { return level(random); });
  return samples;
}

}  // namespace

TEST_CASE("every bin is what the definition of the transform says") {
  const RealFft::Samples samples = random_samples(1);
  Spectrum spectrum;
  RealFft::forward(samples, spectrum);
  for (std::size_t k = 0; k < Spectrum::kBins; ++k) {
    double re = 0;
    double im = 0;
    for (std::size_t n = 0; n < samples.size(); ++n) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(k * n) / 512;
      re += static_cast<double>(samples[n]) * std::cos(angle);
      im -= static_cast<double>(samples[n]) * std::sin(angle);
    }
    CAPTURE(k);
    CHECK(static_cast<double>(spectrum.re[k]) == doctest::Approx(re).epsilon(0.001).scale(10));
    CHECK(static_cast<double>(spectrum.im[k]) == doctest::Approx(im).epsilon(0.001).scale(10));
  }
}

TEST_CASE("there and back again is where it began") {
  const RealFft::Samples samples = random_samples(2);
  Spectrum spectrum;
  RealFft::Samples back;
  RealFft::forward(samples, spectrum);
  RealFft::inverse(spectrum, back);
  for (std::size_t n = 0; n < samples.size(); ++n) {
    CAPTURE(n);
    CHECK(std::abs(back[n] - samples[n]) < 1e-5F);
  }
}
