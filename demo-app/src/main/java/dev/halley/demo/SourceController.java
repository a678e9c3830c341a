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

package dev.halley.demo;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/**
 * Shows the sources of the examples, which the build puts beside their classes.
 */
@Controller
class SourceController {

	@GetMapping(path = "/source/{name:[a-z]+}.java", produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
	ResponseEntity<Resource> source(@PathVariable String name) {
		Resource source = new ClassPathResource("source/" + StringUtils.capitalize(name) + "Controller.java");
		return source.exists() ? ResponseEntity.ok(source) : ResponseEntity.notFound().build();
	}

}
