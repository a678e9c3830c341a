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

import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Says where a text is no JSON of a type, with nothing of the values in it: a message may
 * hold a secret, and Jackson's own messages quote what they could not read.
 */
final class JsonDiagnosis {

	private JsonDiagnosis() {
	}

	static String of(Throwable failure) {
		if (failure instanceof StreamReadException ex) {
			return "not well-formed JSON" + at(ex);
		}
		if (failure instanceof MismatchedInputException ex && ex.getTargetType() != null) {
			return "no JSON of " + ex.getTargetType().getSimpleName() + at(ex);
		}
		return (failure instanceof JacksonException ex) ? "no JSON of the declared type" + at(ex)
				: "no JSON of the declared type: " + failure.getClass().getSimpleName();
	}

	private static String at(JacksonException ex) {
		String path = ex.getPath().stream().map(JsonDiagnosis::step).collect(Collectors.joining("."));
		TokenStreamLocation location = ex.getLocation();
		String place = (location != null) ? ", line " + location.getLineNr() + ", column " + location.getColumnNr()
				: "";
		return (path.isEmpty() ? "" : " at " + path) + place;
	}

	private static String step(JacksonException.Reference step) {
		return (step.getPropertyName() != null) ? step.getPropertyName() : "[" + step.getIndex() + "]";
	}

}
