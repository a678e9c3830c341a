/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.codec;

import jakarta.validation.Validator;

/**
 * Bean Validation behind its port. Apart from {@link MessageCodecs}, so that
 * {@code jakarta.validation} need not be on the class path.
 */
final class BeanValidation implements ValidatorPort {

	private final Validator validator;

	BeanValidation(Validator validator) {
		this.validator = validator;
	}

	@Override
	public MessageCodec<?> validating(MessageCodec<?> codec, Class<?>... groups) {
		return new ValidatingCodec<>(codec, this.validator, groups);
	}

}
